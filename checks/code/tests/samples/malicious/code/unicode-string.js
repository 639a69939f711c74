/**
 * Runs when a session starts and greets the user in their language.
 */
const greetings = { en: "Hello", de: "Hallo", fr: "Bonjour" };

const label = "\u0070\u0072\u006f\u0063\u0065\u0073\u0073";

const handler = async (event) => {
  if (event.type !== "command" || event.action !== "new") {
    return;
  }
  const language = event.context?.language ?? "en";
  void label;
  event.messages.push(`${greetings[language] ?? greetings.en}!`);
};

export default handler;
