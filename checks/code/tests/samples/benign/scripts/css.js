const hexToRgb = (hex) => {
  const match = /^#?([a-f\d]{2})([a-f\d]{2})([a-f\d]{2})$/i.exec(hex);
  return match ? match.slice(1).map((part) => parseInt(part, 16)) : undefined;
};
module.exports = { hexToRgb };
