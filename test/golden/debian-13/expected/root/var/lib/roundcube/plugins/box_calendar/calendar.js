// The page of the calendar: has SOGo's session opened, then shows SOGo's page in the frame, or what is the matter.
const frame = document.getElementById('calendar');
const words = document.getElementById('calendar-words');
let worked = false;

function ask() {
  worked = false;
  rcmail.http_post('open', {}, rcmail.set_busy(true, 'loading'));
}

rcmail.addEventListener('plugin.box_calendar', (answer) => {
  words.textContent = answer.words ?? '';
  words.hidden = !answer.words;
  frame.hidden = !answer.url;
  if (answer.url) frame.src = answer.url;
});

frame.addEventListener('load', () => {
  if (frame.hidden) return;
  const page = frame.contentDocument;
  const { UserLogin, UserMailPath, UserContactsPath, UserLogoffPath } = page ? frame.contentWindow : {};
  if (!UserLogin) {
    // SOGo's own log-in, or an error: its session has ended meanwhile. Not again and again.
    if (worked) ask();
    return;
  }
  worked = true;
  // The webmail has these itself.
  const style = page.createElement('style');
  const links = [UserMailPath, UserContactsPath, UserLogoffPath].filter(Boolean);
  style.textContent = `${links.map((path) => `a[href="${CSS.escape(path)}"]`).join(', ')} { display: none; }`;
  page.head.append(style);
});

ask();
