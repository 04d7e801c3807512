<?php
/** An invitation or an answer as the text of a mail: a sentence for people, and the event for their programs. */

namespace Box\Groupware;

use Sabre\VObject\ITip\Message;

class Letter
{
    private static $subjects = array('REQUEST' => '', 'REPLY' => 'Re: ', 'CANCEL' => 'Cancelled: ');

    /** @return string lines that end as SMTP's do */
    public static function of(Message $message, $from, $to)
    {
        $method = strtoupper($message->method);
        $event = $message->message->{$message->component};
        $title = isset($event->SUMMARY) ? (string) $event->SUMMARY : 'Event';
        $subject = (isset(self::$subjects[$method]) ? self::$subjects[$method] : '') . $title;
        $between = 'box-' . bin2hex(openssl_random_pseudo_bytes(12));
        $host = substr($from, strrpos($from, '@') + 1);
        return implode("\r\n", array(
            "From: <$from>",
            "To: <$to>",
            'Subject: ' . self::word($subject),
            'Date: ' . date(DATE_RFC2822),
            'Message-ID: <' . bin2hex(openssl_random_pseudo_bytes(16)) . "@$host>",
            'MIME-Version: 1.0',
            "Content-Type: multipart/alternative; boundary=\"$between\"",
            '',
            "--$between",
            'Content-Type: text/plain; charset=utf-8',
            'Content-Transfer-Encoding: base64',
            '',
            rtrim(chunk_split(base64_encode("$subject\n\nYour calendar can read the invitation in this mail.\n"))),
            "--$between",
            'Content-Type: text/calendar; charset=utf-8; method=' . preg_replace('/[^A-Z]/', '', $method),
            'Content-Transfer-Encoding: base64',
            '',
            rtrim(chunk_split(base64_encode($message->message->serialize()))),
            "--$between--",
            '',
        ));
    }

    /** What people typed, as it may stand in a header: encoded always, in pieces of whole letters (RFC 2047). */
    private static function word($text)
    {
        $pieces = array();
        for ($i = 0; $i < min(mb_strlen($text, 'UTF-8'), 200); $i += 10) {
            $pieces[] = '=?utf-8?B?' . base64_encode(mb_substr($text, $i, 10, 'UTF-8')) . '?=';
        }
        return implode("\r\n ", $pieces);
    }
}
