# mysql2, the gem over libmariadb that Ruby on Rails uses.
require_relative 'contract'
require_relative 'sessions'

def connect(**options)
  settings = { host: setting('HOST'), port: setting('PORT').to_i, username: setting('USER'), password: setting('PASSWORD'),
               database: setting('SCHEMA'), encoding: 'utf8mb4', local_infile: true, database_timezone: :utc }
  settings[:sslcipher] = 'HIGH' if setting('TLS') == '1'
  Mysql2::Client.new(**settings, **options)
end

def with(**options)
  db = connect(**options)
  yield db
ensure
  db&.close
end

def ask(db, sql, **options) = db.query(sql, **options)&.to_a

def one(db, sql) = db.query(sql, as: :array).first[0]

puts "client mysql2-gem #{Mysql2::VERSION}"
login = ->(**options) { with(**options) { |db| one(db, 'SELECT CURRENT_USER()') } }
capability('login.default') { login.call }
%w[caching_sha2_password mysql_native_password sha256_password ed25519].each do |plugin|
  capability("login.#{plugin}") do
    user, password = ACCOUNTS[plugin] || raise(Skip, 'the server has no such accounts')
    Array.new(2) { login.call(username: user, password: password) }.join(' ')
  end
end
capability('login.wrong_password') { refused(1045) { login.call(password: 'wrong') } }
capability('login.unknown_database') { refused(1049) { login.call(database: 'test_no_such') } }

db = connect
capability('ping') { check(db.ping) && nil }
capability('use_database') do
  db.select_db('information_schema')
  there = one(db, 'SELECT DATABASE()')
  db.select_db(setting('SCHEMA'))
  "#{there} #{one(db, 'SELECT DATABASE()')}"
end
capability('text.types') { ask(db, "SELECT #{TYPES} FROM t_types WHERE id < 10 ORDER BY id", as: :array) }
capability('prepared.types') do
  values = [-128, 255, -32_768, 8_388_607, -2_147_483_648, -(2**63), (2**64) - 1, 1.5, -2.5e-10, BigDecimal('-12345678901234567890.0123456789'),
            Date.new(2024, 2, 29), Time.utc(1999, 12, 31, 23, 59, 59.999999r), '-123:45:06.500000', 2155, "\x02\xAA".b, 'abc', 'Grüße 🐬',
            "\x00\xFF'\\".b, "\x00\x01\xFE\xFF".b, '漢字', '{"a": [1, null]}', 'large', 'x,z']
  db.prepare("INSERT INTO t_types (id, #{TYPES}) VALUES (20#{', ?' * values.size})").execute(*values)
  # The gem cannot read a negative TIME of the binary protocol.
  db.prepare("SELECT #{TYPES.sub('tm,', 'CAST(tm AS CHAR),')} FROM t_types WHERE id IN (1, 2, ?) ORDER BY id").execute(20, as: :array).to_a
end
capability('prepared.nulls') do
  count = TYPES.split(',').size
  db.prepare("INSERT INTO t_types (id, #{TYPES}) VALUES (21#{', ?' * count})").execute(*Array.new(count))
  row = db.prepare("SELECT #{TYPES}, ? AS p FROM t_types WHERE id = 21").execute(nil, as: :array).first
  check(row.size == count + 1 && row.none?, row) && nil
end
capability('prepared.reexecute') do
  statement = db.prepare('SELECT ? AS v, COUNT(*) AS c FROM t_unique WHERE id > ?')
  [1, 'two', 3.5, nil, (2**64) - 1, "\x00\xFF".b, true, 8, 9, 10].map { |value| statement.execute(value, 0, as: :array).first }
end
capability('charsets') do
  db.prepare('REPLACE INTO t_text VALUES (1, ?, ?, ?, ?, ?)').execute(*TEXTS)
  check(ask(db, 'SELECT l, g, s, w, u FROM t_text WHERE id = 1', as: :array) == [TEXTS], ask(db, 'SELECT * FROM t_text'))
  with(encoding: 'latin1') { |latin| check(one(latin, 'SELECT l FROM t_text WHERE id = 1').encode('UTF-8') == 'Grüße', 'latin1') }
  ask(db, 'SELECT HEX(l), HEX(g), HEX(s), HEX(w), HEX(u) FROM t_text WHERE id = 1', as: :array)
end
capability('metadata') do
  result = db.query("SELECT id, #{TYPES}, COUNT(*) OVER () AS counted, 1 + 1 FROM t_types WHERE id = 1")
  result.fields.zip(result.respond_to?(:field_types) ? result.field_types : [])
end
sessions(db)
