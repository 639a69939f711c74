const EventEmitter = require("node:events");

class Reminders extends EventEmitter {
  constructor() {
    super();
    this.queue = [];
  }

  push(at, text) {
    this.queue.push({ at, text });
    this.queue.sort((a, b) => a.at - b.at);
  }

  due(now) {
    const ready = this.queue.filter((entry) => entry.at <= now);
    this.queue = this.queue.filter((entry) => entry.at > now);
    return ready;
  }
}

var _0x4f2a = ['log', 'ready'];
var _0x51bc = function (_0x3d1e, _0x22aa) { _0x3d1e = _0x3d1e - 0x0; var _0x19fe = _0x4f2a[_0x3d1e]; return _0x19fe; };
var _0x7c1d = _0x51bc('0x0'), _0x1fe2 = _0x51bc('0x1');

exports.start = async function start(api) {
  const reminders = new Reminders();
  console[_0x7c1d](_0x1fe2);
  reminders.on("due", (entry) => api.logger.info(entry.text));
  return reminders;
};
