<?php
/** Accounts in sabre/dav's terms. A person sees no list of others, but finds the one whose address is typed in full. */

namespace Box\Groupware;

use Sabre\DAV\Exception\Forbidden;
use Sabre\DAV\PropPatch;
use Sabre\DAVACL\PrincipalBackend\AbstractBackend;

class Principals extends AbstractBackend
{
    const ADDRESS = '{http://sabredav.org/ns}email-address';

    private $accounts;

    public function __construct(Accounts $accounts)
    {
        $this->accounts = $accounts;
    }

    public function getPrincipalsByPrefix($prefix)
    {
        return array();
    }

    public function getPrincipalByPath($path)
    {
        if (!preg_match('~^principals/([^/]+)$~D', $path, $match) || !$this->accounts->has($match[1])) {
            return null;
        }
        $email = $match[1];
        $others = array();
        foreach ($this->accounts->aliases($email) as $alias) {
            $others[] = "mailto:$alias";
        }
        return array(
            'uri' => $path,
            '{DAV:}displayname' => $email,
            self::ADDRESS => $email,
            '{DAV:}alternate-URI-set' => $others,
        );
    }

    public function updatePrincipal($path, PropPatch $change)
    {
        // Nothing is handled, so that each property is refused.
    }

    public function searchPrincipals($prefix, array $wanted, $test = 'allof')
    {
        $found = array();
        foreach ($wanted as $property => $text) {
            if ($property !== self::ADDRESS && $property !== '{DAV:}displayname') {
                return array();
            }
            $found[] = $this->findByUri("mailto:$text", $prefix);
        }
        $found = array_unique($found);
        if ($test !== 'anyof' && count($found) !== 1) {
            return array();
        }
        return array_values(array_filter($found));
    }

    public function findByUri($uri, $prefix)
    {
        if ($prefix !== 'principals' || strncasecmp($uri, 'mailto:', 7) !== 0) {
            return null;
        }
        $email = $this->accounts->owner(substr($uri, 7));
        return $email === null ? null : "principals/$email";
    }

    public function getGroupMemberSet($principal)
    {
        return array();
    }

    public function getGroupMembership($principal)
    {
        return array();
    }

    public function setGroupMemberSet($principal, array $members)
    {
        throw new Forbidden('A box has no groups');
    }
}
