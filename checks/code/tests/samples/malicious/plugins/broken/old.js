import cp from "child_process";
function { cp.exec("id")
