# Results, transactions, session state, errors, transfers.

def ids(db) = ask(db, 'SELECT id FROM t_tx ORDER BY id', as: :array).flatten

def results_of(db, sql)
  all = [db.query(sql, as: :array)&.to_a]
  all << db.store_result&.to_a while db.more_results? && db.next_result
  all
end

def sessions(db)
  counts(db)
  transactions(db)
  capability('results.multi') { with(flags: Mysql2::Client::MULTI_STATEMENTS) { |m| results_of(m, "SELECT 1; UPDATE t_unique SET v = v + 1 WHERE id = 1; SELECT 'a', NULL") } }
  capability('results.call') { with(flags: Mysql2::Client::MULTI_STATEMENTS) { |m| results_of(m, 'CALL p_two(5)') } }
  capability('results.out') do
    ask(db, "SET @c = 'in'")
    ask(db, 'CALL p_out(21, @b, @c)')
    ask(db, 'SELECT @b, @c')
  end
  capability('warnings') do
    ask(db, 'INSERT IGNORE INTO t_unique VALUES (1, 1)')
    [db.warning_count, ask(db, 'SHOW WARNINGS')]
  end
  capability('user_variables') do
    ask(db, "SET @a = 7, @b = 'text'")
    ask(db, "INSERT INTO t_auto (v) VALUES ('between')")
    ask(db, 'SELECT @a, @b')
  end
  capability('temporary_table') do
    ['CREATE TEMPORARY TABLE tmp (id INT)', 'INSERT INTO tmp VALUES (1), (2)'].each { |sql| ask(db, sql) }
    check(one(db, 'SELECT SUM(id) FROM tmp') == 3)
    ask(db, 'DROP TEMPORARY TABLE tmp')
  end
  capability('session_settings') do
    ask(db, "SET time_zone = '+05:30', sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'")
    ask(db, 'UPDATE t_unique SET v = v + 1')
    seen = ask(db, %q(SELECT @@time_zone, @@sql_mode, '\\' AS backslash, "v" FROM t_unique WHERE "id" = 1))
    ask(db, 'SET time_zone = DEFAULT, sql_mode = DEFAULT')
    seen
  end
  cancel(db)
  skip('the driver has no reset', 'pool.reset')
  skip('the driver has no change of user', 'change_user')
  errors(db)
  transfers(db)
end

def counts(db)
  capability('insert_id') do
    ask(db, "INSERT INTO t_auto (v) VALUES ('first')")
    first = db.last_id
    ask(db, "INSERT INTO t_auto (v) VALUES ('second'), ('third')")
    [first, db.last_id, db.query_info, one(db, 'SELECT LAST_INSERT_ID()')]
  end
  affected = ->(other, sql) { other.query(sql) && nil || other.affected_rows }
  capability('affected_rows') do
    with do |other|
      seen = ['UPDATE t_unique SET v = v + 1', 'UPDATE t_unique SET v = v', 'DELETE FROM t_unique WHERE id > 100'].map { |sql| affected.call(other, sql) }
      check(seen == [2, 0, 0], seen) && nil
    end
  end
  capability('found_rows') do
    with(flags: Mysql2::Client::FOUND_ROWS) { |other| check(affected.call(other, 'UPDATE t_unique SET v = v') == 2) && nil }
  end
end

def transactions(db)
  capability('transaction.commit') do
    ["BEGIN", "INSERT INTO t_tx VALUES (1, 'one')"].each { |sql| ask(db, sql) }
    inside = ids(db)
    ask(db, 'COMMIT')
    check(inside == [1] && ids(db) == [1], inside) && nil
  end
  capability('transaction.rollback') do
    ["SET autocommit = 0", "INSERT INTO t_tx VALUES (2, 'two')"].each { |sql| ask(db, sql) }
    inside = ids(db)
    ['ROLLBACK', 'SET autocommit = 1'].each { |sql| ask(db, sql) }
    check(inside == [1, 2] && ids(db) == [1], inside) && nil
  end
  capability('transaction.savepoint') do
    ['BEGIN', "INSERT INTO t_tx VALUES (3, 'three')", 'SAVEPOINT a', "INSERT INTO t_tx VALUES (4, 'four')", 'ROLLBACK TO a', 'COMMIT'].each { |sql| ask(db, sql) }
    check(ids(db) == [1, 3], ids(db)) && nil
  end
end

def cancel(db)
  capability('cancel') do
    with do |victim|
      victim.query('SELECT SLEEP(30)', async: true)
      socket = IO.for_fd(victim.socket, autoclose: false)
      ended = 100.times.any? do
        ask(db, "KILL QUERY #{victim.thread_id}")
        socket.wait_readable(0.1)
      end
      how = begin
        victim.async_result.first.values[0]
      rescue Mysql2::Error => e
        e.error_number
      end
      # Whether the sleep returns 1 or the error 1317 depends on how far it was: both are a server's answer.
      check(ended && [1, 1317].include?(how), how)
      one(victim, 'SELECT 5').to_s
    end
  end
end

def errors(db)
  capability('error.duplicate') { refused(1062) { ask(db, 'INSERT INTO t_unique VALUES (1, 1)') } }
  capability('error.syntax') { refused(1064) { ask(db, 'SELEC 1') } }
  capability('error.no_table') { refused(1146) { db.prepare('SELECT * FROM no_such_table') } }
  capability('error.lock') do
    ['BEGIN', 'SELECT * FROM t_unique WHERE id = 1 FOR UPDATE'].each { |sql| ask(db, sql) }
    with { |other| refused(3572, 1205) { ask(other, 'SELECT * FROM t_unique WHERE id = 1 FOR UPDATE NOWAIT') } }
  ensure
    ask(db, 'ROLLBACK')
  end
end

def transfers(db)
  capability('large.in') do
    value = '0123456789abcdef' * (SIZE >> 4)
    db.prepare('INSERT INTO t_large VALUES (1, ?)').execute(value)
    row = ask(db, 'SELECT LENGTH(v), SHA2(v, 256) FROM t_large WHERE id = 1', as: :array)
    check(row == [[SIZE, Digest::SHA256.hexdigest(value)]], row) && nil
  end
  capability('large.out') { Digest::SHA256.hexdigest(one(db, "SELECT REPEAT('0123456789abcdef', #{SIZE >> 4})")) }
  capability('streaming') do
    last = nil
    count = 0
    # On a connection of its own: the garbage collector closes statements, which must not fall into a result.
    with do |other|
      other.query('SELECT n, v FROM t_numbers ORDER BY n', stream: true, cache_rows: false, as: :array).each { |row| count, last = count + 1, row }
      [count, last, one(other, 'SELECT COUNT(*) FROM t_numbers')]
    end
  end
  skip('the driver has no server-side cursors', 'cursor')
  skip('this gem with libmariadb loses the sequence of packets, on a server too', 'load_data_local')
  capability('compression') do
    with(flags: Mysql2::Client::COMPRESS) { |other| ask(other, "SELECT SHA2(REPEAT('x', 100000), 256) AS h, LENGTH(REPEAT('y', 100000)) AS l") }
  end
  capability('attributes') do
    raise Skip, 'the server has its performance schema off' if setting('FLAVOR') == 'mariadb'
    with(connect_attrs: { program_name: 'ruby-test' }) do |other|
      ask(other, "SELECT ATTR_NAME, ATTR_VALUE FROM performance_schema.session_account_connect_attrs
        WHERE PROCESSLIST_ID = CONNECTION_ID() AND ATTR_NAME IN ('_client_name', 'program_name') ORDER BY 1")
    end
  end
end
