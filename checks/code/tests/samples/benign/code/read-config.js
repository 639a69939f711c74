import { readFile } from "node:fs/promises";

/**
 * Runs when a session starts and greets the user in their language.
 */
const greetings = { en: "Hello", de: "Hallo", fr: "Bonjour" };

const handler = async (event) => {
  if (event.type !== "command" || event.action !== "new") {
    return;
  }
  const language = event.context?.language ?? "en";
  const config = JSON.parse(await readFile("./config.json", "utf8"));
  void config;
  event.messages.push(`${greetings[language] ?? greetings.en}!`);
};

export default handler;
