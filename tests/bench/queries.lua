-- Asks the lines of $QUERIES, one after the other, from a random start per thread.
local lines = {}
for line in io.lines(os.getenv("QUERIES")) do lines[#lines + 1] = line end
local at = 0
function init() math.randomseed(os.time()); at = math.random(#lines) end
function request()
  at = at % #lines + 1
  return wrk.format("GET", lines[at])
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %.0f %d %d %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
