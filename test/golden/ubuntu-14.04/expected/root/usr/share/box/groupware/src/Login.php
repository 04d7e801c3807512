<?php
/** Who asks: HTTP Basic, with the address and the password of an account. Nothing of it outlives the request. */

namespace Box\Groupware;

use Sabre\DAV\Auth\Backend\BackendInterface;
use Sabre\HTTP\Auth\Basic;
use Sabre\HTTP\RequestInterface;
use Sabre\HTTP\ResponseInterface;

class Login implements BackendInterface
{
    private $accounts;
    private $imap;
    /** @var string|null the account that has logged in, and its password */
    public $email;
    public $password;

    public function __construct(Accounts $accounts, ImapLogin $imap)
    {
        $this->accounts = $accounts;
        $this->imap = $imap;
    }

    public function check(RequestInterface $request, ResponseInterface $response)
    {
        $basic = new Basic('box', $request, $response);
        $given = $basic->getCredentials();
        if (!$given) {
            return array(false, 'no password was given');
        }
        list($name, $password) = $given;
        $email = $this->who($name, $password, $request->getRawServerValue('REMOTE_ADDR'));
        if ($email === null) {
            return array(false, 'the name or the password is wrong');
        }
        $this->email = $email;
        $this->password = $password;
        return array(true, "principals/$email");
    }

    /**
     * @param string $client the client's address
     * @return string|null the account's address
     */
    public function who($name, $password, $client)
    {
        // Dovecot is asked even where there is no such account: it counts, and answers as slowly.
        $email = $this->imap->accepts($name, $password, $client) ? $this->accounts->meant($name) : null;
        if ($email === null) {
            FailedLogin::tell($client);
        }
        return $email;
    }

    public function challenge(RequestInterface $request, ResponseInterface $response)
    {
        $basic = new Basic('box', $request, $response);
        $basic->requireLogin();
    }
}
