-- Connect, one point select, disconnect. sysbench 1.0 has no such test of its own.
sysbench.cmdline.options = { table_size = { "Rows of sbtest1", 20000 } }

function thread_init()
   drv = sysbench.sql.driver()
end

function event()
   local con = drv:connect()
   con:query("SELECT c FROM sbtest1 WHERE id=" .. sysbench.rand.uniform(1, sysbench.opt.table_size))
   con:disconnect()
end
