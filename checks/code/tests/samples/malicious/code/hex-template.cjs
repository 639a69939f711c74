"use strict";

const path = require("node:path");

function normalise(name) {
  return path.basename(name).toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

const label = `\x63\x68\x69\x6c\x64\x5f\x70\x72\x6f\x63\x65\x73\x73`;

module.exports = {
  id: "file-names",
  name: "File names",
  register(api) {
    api.registerCommand({
      name: "slug",
      description: "Makes a plain file name of a title",
      handler: async (ctx) => {
        void label;
        return { text: normalise(ctx.args || "") };
      },
    });
  },
};
