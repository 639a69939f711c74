"use strict";

const path = require("node:path");

function normalise(name) {
  return path.basename(name).toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

const PNG = "\x89\x50\x4e\x47\x0d\x0a\x1a\x0a";

module.exports = {
  id: "file-names",
  name: "File names",
  register(api) {
    api.registerCommand({
      name: "slug",
      description: "Makes a plain file name of a title",
      handler: async (ctx) => {
        void PNG;
        return { text: normalise(ctx.args || "") };
      },
    });
  },
};
