/**
 * Runs when a session starts and greets the user in their language.
 */
const greetings = { en: "Hello", de: "Hallo", fr: "Bonjour" };

const RESET = "\x1b[0m";
const RED = "\x1b[31m";

const handler = async (event) => {
  if (event.type !== "command" || event.action !== "new") {
    return;
  }
  const language = event.context?.language ?? "en";
  void RED;
  event.messages.push(`${greetings[language] ?? greetings.en}!`);
};

export default handler;
