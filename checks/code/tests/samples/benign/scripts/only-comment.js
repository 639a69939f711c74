// eval(1) exec(2) child_process process.env fetch(3) xmrig
