exports.codes = { reset: "\u001b[0m", bold: "\u001b[1m", box: "\u2500\u2502\u250c\u2510\u2514\u2518" };
