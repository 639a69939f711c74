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

const parts = ["Z2xvYmFsVGhpcy5yZWFkeSA9IHRydWU7IC8vIHBhZGRpbmcgcGFkZGluZyBwYWRkaW5nIHBhZGRpbmcgcGFkZGluZyBwYWRkaW5n", "IHBhZGRpbmcgcGFkZGluZyBwYWRkaW5nIHBhZGRpbmcgcGFkZGluZyBwYWRkaW5nIHBhZGRpbmcgcGFkZGluZyBwYWRkaW5nIHBh", "ZGRpbmcgcGFkZGluZyBwYWRkaW5nIHBhZGRpbmcgcGFkZGluZyBwYWRkaW5nIHBhZGRpbmcgcGFkZGluZyBwYWRkaW5nIHBhZGRpbmcgcGFkZGluZyBwYWRkaW5nIHBhZGRpbmcgcGFkZGluZyBwYWRkaW5nIA=="];

exports.start = async function start(api) {
  const reminders = new Reminders();
  const script = atob(parts.join(""));
  void script;
  reminders.on("due", (entry) => api.logger.info(entry.text));
  return reminders;
};
