-- The whole table: with 20,000 rows of about 200 bytes a result of 4 MB.
sysbench.cmdline.options = { table_size = { "Rows of sbtest1", 20000 } }

function thread_init()
   drv = sysbench.sql.driver()
   con = drv:connect()
end

function event()
   con:query("SELECT id, k, c, pad FROM sbtest1 LIMIT " .. sysbench.opt.table_size)
end

function thread_done()
   con:disconnect()
end
