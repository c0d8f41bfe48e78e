# What every client program is told, and how it reports (see ../README.md).
require 'digest'
require 'io/wait'
require 'mysql2'
$stdout.sync = true

TYPES = 'ti, tu, si, mi, i, bi, bu, f, d, n, da, dt, tm, y, b, c, v, vb, bl, tx, j, e, s'.freeze
SIZE = 17 << 20
TEXTS = ['Grüße', '漢字', '表ソ', 'Ω🐬', 'naïve 🐬漢字'].freeze
Skip = Class.new(StandardError)

def setting(name) = ENV.fetch("DBTEST_#{name}")

ACCOUNTS = setting('ACCOUNTS').split(',').to_h do |entry|
  plugin, account = entry.split('=', 2)
  [plugin, account.split(':', 2)]
end

# Runs one capability and prints its line; what the block returns is the detail.
def capability(name)
  detail = yield
  line = "ok #{name} #{detail.is_a?(String) || detail.nil? ? detail : detail.inspect}"
rescue Skip => e
  line = "skip #{name} #{e.message}"
rescue StandardError => e
  line = "fail #{name} #{e.class}: #{e.message} #{e.backtrace.first}"
ensure
  puts line.gsub(/\s+/, ' ').rstrip
end

def skip(reason, *names) = names.each { |name| puts "skip #{name} #{reason}" }

def check(condition, seen = nil) = condition || raise("assertion: #{seen.inspect}")

def refused(*codes)
  yield
rescue Mysql2::Error => e
  raise unless codes.include?(e.error_number)
  "#{e.error_number} #{e.sql_state} #{e.message}"
else
  raise 'no error'
end
