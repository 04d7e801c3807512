<?php
/** What Roundcube doesn't do by itself on a box: knows a name however it is typed, says who logs in, tells who fails, ends what a new password has ended. */
class box extends rcube_plugin
{
    public function init()
    {
        $this->add_hook('authenticate', [$this, 'read_name']);
        $this->add_hook('storage_connect', [$this, 'connect']);
        $this->add_hook('login_failed', [$this, 'tell_failure']);
        $this->add_hook('render_page', [$this, 'hide_version']);
    }

    /** As box/mail/typed.ts says; of a name in two spellings Roundcube would make two people. */
    public function read_name($args)
    {
        $typed = preg_replace('/^\s+|\s+$/u', '', str_replace("\xEF\xBC\xA0", '@', (string) $args['user']));
        $at = strrpos((string) $typed, '@');
        $domain = $at === false ? false : idn_to_ascii(
            substr($typed, $at + 1),
            IDNA_NONTRANSITIONAL_TO_ASCII,
            INTL_IDNA_VARIANT_UTS46
        );
        if ($domain !== false) {
            $args['user'] = substr($typed, 0, $at + 1) . $domain;
        }
        return $args;
    }

    public function connect($args)
    {
        // Dovecot then logs, delays and counts by the person's address; it takes this word from loopback alone.
        $args['preauth_ident'] = ['x-originating-ip' => $this->address()];
        $rcmail = rcmail::get_instance();
        // An account goes by the name of the mail server too: the name is the same on every release, and this is where it is.
        $args['host'] = $rcmail->config->get('box_imap_address', $args['host']);
        if ($rcmail->task !== 'login' && !empty($_SESSION['user_id'])) {
            $args['retry'] = $args['attempt'] === 1;
            // Dovecot's words for a wrong password; when it can't look, it says something else.
            $refused = strpos((string) $rcmail->get_storage()->get_error_str(), 'Authentication failed') !== false;
            if ($args['attempt'] > 1 && $refused) {
                $this->end_session($rcmail);
            }
        }
        return $args;
    }

    /** The password that the session began with is none any more. */
    private function end_session($rcmail)
    {
        $rcmail->kill_session();
        if ($rcmail->output->ajax_call || $rcmail->output->get_env('framed')) {
            $rcmail->output->command('session_error', $rcmail->url(['_task' => 'login', '_err' => 'session']));
            $rcmail->output->send('iframe');
        } else {
            $rcmail->output->redirect(['_task' => 'login', '_err' => 'session'], 0, true);
        }
        exit;
    }

    /**
     * The line that fail2ban reads. It holds nothing that a stranger wrote, and comes under a name of its own: a line
     * of Roundcube's may hold an account's name with a line end in it.
     */
    public function tell_failure($args)
    {
        // A page that was open too long, or a mail server that is down, is no wrong password.
        $others = [rcmail::ERROR_INVALID_REQUEST, rcmail::ERROR_STORAGE, rcmail::ERROR_COOKIES_DISABLED];
        if (!in_array($args['code'], $others, true)) {
            openlog('box-webmail-log-in', LOG_ODELAY, LOG_MAIL);
            syslog(LOG_NOTICE, 'Failed login attempt from ip ' . $this->address());
            openlog(rcmail::get_instance()->config->get('syslog_id'), LOG_ODELAY, LOG_MAIL);
        }
        return $args;
    }

    private function address()
    {
        return isset($_SERVER['REMOTE_ADDR']) ? $_SERVER['REMOTE_ADDR'] : '127.0.0.1';
    }

    public function hide_version($args)
    {
        $output = rcmail::get_instance()->output;
        if ($output instanceof rcmail_output_html) {
            $output->set_env('rcversion', 0);
        }
        return $args;
    }
}
