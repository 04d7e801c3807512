<?php
/** The groupware's calendar within the webmail, for whoever is logged in here: a page with a frame. */
class box_calendar extends rcube_plugin
{
    private $session;

    public function init()
    {
        require_once __DIR__ . '/../box_contacts/groupware.php';
        require_once __DIR__ . '/session.php';
        $rcmail = rcmail::get_instance();
        $this->session = new box_calendar_session($rcmail);
        $this->add_texts('localization/', false);
        $this->register_task('calendar');
        $this->register_action('index', [$this, 'show']);
        $this->register_action('open', [$this, 'open']);
        // At a log-out, before a log-in, and where a session has ended by itself.
        $this->add_hook('session_destroy', [$this, 'end']);
        $this->add_hook('startup', [$this, 'forget']);
        // It was opened with the old one.
        $this->add_hook('password_change', [$this, 'end']);
        if ($rcmail->output instanceof rcmail_output_html && !$rcmail->output->framed) {
            $this->add_button([
                'command' => 'calendar',
                'class' => 'calendar',
                'classsel' => 'calendar selected',
                'innerclass' => 'inner',
                'label' => 'box_calendar.calendar',
                'type' => 'link',
            ], 'taskbar');
            $rcmail->output->add_header(html::tag('style', [], file_get_contents(__DIR__ . '/calendar.css')));
        }
    }

    public function show()
    {
        $output = rcmail::get_instance()->output;
        $output->set_pagetitle($this->gettext('calendar'));
        $output->add_script(file_get_contents(__DIR__ . '/calendar.js'), 'docready');
        $output->send('box_calendar.calendar');
    }

    /** What the page's script asks for. A page of another site can't send this header, nor a form of any site. */
    public function open()
    {
        $rcmail = rcmail::get_instance();
        if (rcube_utils::request_header('X-Roundcube-Request') !== $rcmail->get_request_token()) {
            rcube::raise_error(['code' => 403, 'message' => 'Request security check failed'], false, true);
        }
        try {
            $this->session->open();
            $answer = ['url' => $this->session->home() . 'Calendar/view'];
        } catch (box_calendar_trouble $trouble) {
            $answer = ['words' => $trouble->getMessage()];
        }
        $rcmail->output->command('plugin.box_calendar', $answer);
        $rcmail->output->send();
    }

    public function end($args)
    {
        $this->session->end();
        return $args;
    }

    /** Of the webmail's session that this browser had nothing is left. */
    public function forget($args)
    {
        // What the page asked for: without a session the task is the log-in.
        $task = rcube_utils::get_input_string('_task', rcube_utils::INPUT_GPC);
        $is_inside = $task !== '' && !in_array($task, ['login', 'logout'], true);
        if ($is_inside && empty($_SESSION['user_id']) && !empty($_COOKIE[ini_get('session.name')])) {
            $this->session->forget();
        }
        return $args;
    }
}
