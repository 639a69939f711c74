const fs = require("node:fs");
const path = require("node:path");

module.exports = function migrate(directory) {
  for (const name of fs.readdirSync(directory)) {
    if (!name.endsWith(".json")) continue;
    const file = path.join(directory, name);
    const note = JSON.parse(fs.readFileSync(file, "utf8"));
    if (note.version === 1) fs.writeFileSync(file, JSON.stringify({ ...note, version: 2 }));
  }
};
