type Operator = "+" | "-" | "*" | "/";
const operators: Record<Operator, (a: number, b: number) => number> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
};
export const calc = (a: number, operator: Operator, b: number): number => operators[operator](a, b);
