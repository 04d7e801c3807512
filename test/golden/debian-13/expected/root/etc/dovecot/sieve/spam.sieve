# What is to go into Spam goes there, whatever a person's own filters say.
require ["fileinto", "mailbox", "variables", "environment", "relational", "comparator-i;ascii-numeric"];

# What the spam filter marked.
if header :matches "X-Spam-Status" "Yes*" {
  fileinto :create "Spam";
  stop;
}

# The box's own verdicts decide alone: no weight of another rule undoes them, and they hold for mail that is too large for
# the filter. Postfix has taken out what came from outside under the box's name.
if environment :matches "host" "*" {
  set "box" "${1}";
}
if header :matches "Authentication-Results"
  ["${box}; dmarc=fail (p=quarantine *", "${box}; dmarc=fail (p=reject *"] {
  fileinto :create "Spam";
  stop;
}
# Unless the author's domain stands by it: mail that was forwarded, and is signed.
if allof (header :matches "Authentication-Results" "${box}; spf=fail *",
  not header :matches "Authentication-Results" "${box}; dmarc=pass *") {
  fileinto :create "Spam";
  stop;
}

# DMARC is about one author. A mail that shows several, or one that the check could not read, may show anybody.
if header :count "gt" :comparator "i;ascii-numeric" "From" "1" {
  fileinto :create "Spam";
  stop;
}
if not header :matches "Authentication-Results" "${box}; dmarc=*" {
  if header :matches "From" "*" {
    set :length "length" "${1}";
  }
  if anyof (not address :count "eq" :comparator "i;ascii-numeric" "From" "1",
    string :value "gt" :comparator "i;ascii-numeric" "${length}" "200") {
    fileinto :create "Spam";
    stop;
  }
}
