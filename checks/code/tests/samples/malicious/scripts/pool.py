POOL = "stratum+tcp://pool.example.invalid:3333"
