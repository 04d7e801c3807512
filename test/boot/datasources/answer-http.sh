#!/bin/sh
# Answers one HTTP request on standard input with a file of a folder (inetd style: one process per connection).
# usage: answer-http.sh FOLDER
set -eu
folder=$1
read -r method target _
# The request's header ends with an empty line.
while read -r line; do
  [ "$line" = "$(printf '\r')" ] && break
done
name=${target##*/}
echo "$method $target" >>"$folder/requests.log"
if [ "$method" = GET ] && [ -n "$name" ] && [ -f "$folder/$name" ]; then
  printf 'HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %s\r\nConnection: close\r\n\r\n' \
    "$(wc -c <"$folder/$name")"
  cat "$folder/$name"
else
  printf 'HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
fi
