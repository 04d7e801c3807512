"""A web server behind a box's proxy: answers with what it was asked."""
import http.server


class Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = ' '.join([self.path, self.headers['Host'], self.headers['X-Forwarded-For']]).encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.HTTPServer(('127.0.0.1', 3000), Echo).serve_forever()
