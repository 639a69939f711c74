"use strict";
var runtime = (function (exports) {
  var Op = Object.prototype;
  exports.wrap = function wrap(inner, outer, self) {
    return { inner: inner, outer: outer, self: self };
  };
  exports.mark = function (generator) {
    return Object.setPrototypeOf ? Object.setPrototypeOf(generator, Op) : generator;
  };
  return exports;
})(typeof module === "object" ? module.exports : {});
module.exports = runtime;
