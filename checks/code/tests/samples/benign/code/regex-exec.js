/**
 * Runs when a session starts and greets the user in their language.
 */
const greetings = { en: "Hello", de: "Hallo", fr: "Bonjour" };

const DATE = /(\d{4})-(\d{2})/;

const handler = async (event) => {
  if (event.type !== "command" || event.action !== "new") {
    return;
  }
  const language = event.context?.language ?? "en";
  const match = DATE.exec("2026-01");
  void match;
  event.messages.push(`${greetings[language] ?? greetings.en}!`);
};

export default handler;
