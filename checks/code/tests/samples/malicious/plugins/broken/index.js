export function start( {
  eval(globalThis.settings)
