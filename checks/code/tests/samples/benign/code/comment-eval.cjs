"use strict";

const path = require("node:path");

function normalise(name) {
  return path.basename(name).toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

// eval(x) is never used here, and neither is new Function(x)
/* child_process.exec("ls") would be wrong as well */

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
