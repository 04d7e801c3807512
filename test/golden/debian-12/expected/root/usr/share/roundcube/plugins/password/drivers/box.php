<?php
/** Changes a password by the box's own API, with the old one: the same rules, limits and endings as everywhere. */
class rcube_box_password
{
    public function save($curpass, $newpass, $username)
    {
        list($status, $said) = $this->ask($curpass, $newpass, $username);
        switch ($status) {
            case 200:
                return PASSWORD_SUCCESS;
            case 400:
                // A rule is against it; the words after it are for the command line.
                return $this->refused(preg_replace('/ \(.*\)$/s', '', $said));
            case 429:
                return $this->refused($said);
            case 401:
                return preg_match('/one-time code|passkey/', $said)
                    ? $this->refused('Your account asks for one-time codes or a passkey: change its password in the control panel.')
                    : PASSWORD_ERROR;
            default:
                rcube::write_log('errors', "the box's API answered $status to a change of password");
                return PASSWORD_CONNECT_ERROR;
        }
    }

    private function refused($message)
    {
        return ['code' => PASSWORD_ERROR, 'message' => trim($message)];
    }

    /** Through the box's own web server, by loopback; it must show the box's own certificate. */
    private function ask($curpass, $newpass, $username)
    {
        $context = stream_context_create(['ssl' => [
            'verify_peer' => false,
            'verify_peer_name' => false,
            'capture_peer_cert' => true,
        ]]);
        $socket = @stream_socket_client('ssl://localhost:443', $errno, $error, 10, STREAM_CLIENT_CONNECT, $context);
        if ($socket === false || !$this->is_the_box($context)) {
            return [0, ''];
        }
        stream_set_timeout($socket, 60);
        $form = 'password=' . rawurlencode($newpass);
        fwrite($socket, implode("\r\n", [
            'POST /admin/me/password HTTP/1.0',
            'Host: localhost',
            'Authorization: Basic ' . base64_encode("$username:$curpass"),
            'Content-Type: application/x-www-form-urlencoded',
            'Content-Length: ' . strlen($form),
            '',
            $form,
        ]));
        $answer = (string) stream_get_contents($socket, 100000);
        fclose($socket);
        list($head, $body) = explode("\r\n\r\n", $answer, 2) + ['', ''];
        return [preg_match('#^HTTP/1\.[01] (\d{3}) #', $head, $found) ? (int) $found[1] : 0, $body];
    }

    /** Looked at here, since PHP before 5.6 has no option for it. Whoever shows a certificate has its key. */
    private function is_the_box($context)
    {
        $options = stream_context_get_options($context);
        $own = (string) @file_get_contents('/home/user-data/ssl/ssl_certificate.pem');
        return isset($options['ssl']['peer_certificate'])
            && openssl_x509_export($options['ssl']['peer_certificate'], $shown)
            && openssl_x509_export($own, $expected)
            && $shown === $expected;
    }
}
