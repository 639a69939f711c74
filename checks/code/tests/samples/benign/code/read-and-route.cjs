"use strict";

const path = require("node:path");
const fs = require("fs");
const express = require("express");

function normalise(name) {
  return path.basename(name).toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

const app = express();
app.post("/upload", (request, response) => response.end(fs.readFileSync("done.html")));

module.exports = {
  id: "file-names",
  name: "File names",
  register(api) {
    api.registerCommand({
      name: "slug",
      description: "Makes a plain file name of a title",
      handler: async (ctx) => {
        return { text: normalise(ctx.args || "") };
      },
    });
  },
};
