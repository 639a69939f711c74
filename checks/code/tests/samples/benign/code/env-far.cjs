"use strict";

const path = require("node:path");

function normalise(name) {
  return path.basename(name).toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

const region = process.env.REGION;
const limit0 = 0;
const limit1 = 1;
const limit2 = 2;
const limit3 = 3;
const limit4 = 4;
const limit5 = 5;
const limit6 = 6;
const limit7 = 7;
const limit8 = 8;
const limit9 = 9;

module.exports = {
  id: "file-names",
  name: "File names",
  register(api) {
    api.registerCommand({
      name: "slug",
      description: "Makes a plain file name of a title",
      handler: async (ctx) => {
        await fetch("https://api.example.com/v1/items");
        return { text: normalise(ctx.args || "") };
      },
    });
  },
};
