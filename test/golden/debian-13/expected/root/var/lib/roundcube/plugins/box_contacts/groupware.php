<?php
/** The box's own groupware, asked by loopback: one question each time, as HTTP/1.0. */
class box_groupware
{
    /** The longest answer; what is beyond it is cut off, a little later. */
    const LONGEST_ANSWER = 16777216;

    private $port;

    public function __construct($port)
    {
        $this->port = (int) $port;
    }

    /** [status, headers, body], or null: it does not answer, or not in whole. */
    public function ask($method, $path, $headers, $body = '', $patience = 30)
    {
        $socket = @stream_socket_client('tcp://127.0.0.1:' . $this->port, $errno, $error, 5);
        if ($socket === false) {
            return null;
        }
        stream_set_timeout($socket, $patience);
        // For its log alone: it trusts no word about who somebody is.
        $client = filter_var(isset($_SERVER['REMOTE_ADDR']) ? $_SERVER['REMOTE_ADDR'] : '', FILTER_VALIDATE_IP) ?: '127.0.0.1';
        $request = implode("\r\n", array_merge([
            $method . ' ' . $path . ' HTTP/1.0',
            'Host: 127.0.0.1',
            'X-Forwarded-For: ' . $client,
            'Content-Length: ' . strlen($body),
        ], $headers, ['', $body]));
        for ($sent = 0; $sent < strlen($request); $sent += $written) {
            $written = @fwrite($socket, substr($request, $sent, 65536));
            if ($written === false || $written === 0) {
                break;
            }
        }
        $answer = (string) stream_get_contents($socket, self::LONGEST_ANSWER + 65536);
        $broken = stream_get_meta_data($socket)['timed_out'];
        fclose($socket);
        list($head, $text) = explode("\r\n\r\n", $answer, 2) + ['', ''];
        if ($broken || !preg_match('#^HTTP/1\.[01] (\d{3})#', $head, $found)) {
            return null;
        }
        $length = preg_match('/^content-length:\s*(\d+)/mi', $head, $told) ? (int) $told[1] : strlen($text);
        if ($length > strlen($text) && strlen($text) <= self::LONGEST_ANSWER) {
            return null;
        }
        return [(int) $found[1], str_replace("\r", '', $head), $text];
    }
}
