-- Posts the requests in a folder one after the other: wrk -s ask.lua URL -- FOLDER MEDIA-TYPE COUNT
local requests = {}
local at = 0

function init(arguments)
  local folder, media_type, count = arguments[1], arguments[2], tonumber(arguments[3])
  for number = 1, count do
    local file = assert(io.open(folder .. "/" .. number .. ".request", "rb"))
    local headers = { ["Content-Type"] = media_type }
    requests[number] = wrk.format("POST", nil, headers, file:read("*a"))
    file:close()
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary)
  local all = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.timeout + summary.errors.status
  io.write(string.format("SUMMARY %d %d %d\n", summary.requests, summary.duration, all))
end
