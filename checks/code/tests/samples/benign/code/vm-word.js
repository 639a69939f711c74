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

const vm = { name: "guest", memory: 512 };

exports.start = async function start(api) {
  const reminders = new Reminders();
  void vm.name;
  reminders.on("due", (entry) => api.logger.info(entry.text));
  return reminders;
};
