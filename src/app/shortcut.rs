//! Keys as people press them and as the page writes them.

/// A key with at most one modifier. Letters are lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shortcut {
    /// As `KeyboardEvent.key` says it, letters in lower case.
    key: &'static str,
    modifier: Modifier,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Modifier {
    None,
    Shift,
    /// Command on a Mac, Control elsewhere.
    Primary,
}

/// What `KeyboardEvent` says of a key that went down.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pressed<'a> {
    pub key: &'a str,
    pub shift: bool,
    pub ctrl: bool,
    pub meta: bool,
    pub alt: bool,
}

impl Shortcut {
    pub const fn plain(key: &'static str) -> Self {
        Self { key, modifier: Modifier::None }
    }

    pub const fn shift(key: &'static str) -> Self {
        Self { key, modifier: Modifier::Shift }
    }

    pub const fn primary(key: &'static str) -> Self {
        Self { key, modifier: Modifier::Primary }
    }

    pub fn is_shift(self) -> bool {
        self.modifier == Modifier::Shift
    }

    /// Whether this is the key. Where a sign sits on a keyboard is the keyboard's matter, so Shift
    /// counts for letters and named keys only: `?` is `?` with and without it.
    pub fn matches(self, pressed: Pressed<'_>) -> bool {
        let is_sign = self.key.len() == 1 && !self.key.as_bytes()[0].is_ascii_alphanumeric();
        let is_primary = pressed.ctrl || pressed.meta;
        self.key.eq_ignore_ascii_case(pressed.key)
            && !pressed.alt
            && is_primary == (self.modifier == Modifier::Primary)
            && (is_sign || pressed.shift == (self.modifier == Modifier::Shift))
    }

    /// The caps to draw: `["Ctrl", "K"]`, on a Mac `["⌘", "K"]`.
    pub fn caps(self, is_mac: bool) -> Vec<String> {
        let key = match self.key {
            "ArrowUp" => "↑".into(),
            "ArrowDown" => "↓".into(),
            "ArrowLeft" => "←".into(),
            "ArrowRight" => "→".into(),
            "Escape" => "Esc".into(),
            "-" => "−".into(),
            key if key.len() == 1 => key.to_ascii_uppercase(),
            key => key.to_owned(),
        };
        let modifier = match (self.modifier, is_mac) {
            (Modifier::None, _) => None,
            (Modifier::Shift, true) => Some("⇧"),
            (Modifier::Shift, false) => Some("Shift"),
            (Modifier::Primary, true) => Some("⌘"),
            (Modifier::Primary, false) => Some("Ctrl"),
        };
        modifier.map(str::to_owned).into_iter().chain([key]).collect()
    }

    /// For `aria-keyshortcuts`: `Control+K`.
    pub fn aria(self) -> String {
        let modifier = match self.modifier {
            Modifier::None => "",
            Modifier::Shift => "Shift+",
            Modifier::Primary => "Control+",
        };
        format!("{modifier}{}", self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(shortcut: Shortcut, pressed: Pressed<'_>, expect: bool) {
        assert_eq!(shortcut.matches(pressed), expect, "{shortcut:?} {pressed:?}");
    }

    #[test]
    fn keys_match_what_keyboards_send() {
        let key = |key| Pressed { key, ..Pressed::default() };
        check(Shortcut::plain("f"), key("f"), true);
        check(Shortcut::plain("f"), key("F"), true);
        check(Shortcut::plain("f"), Pressed { shift: true, ..key("F") }, false);
        check(Shortcut::plain("f"), Pressed { ctrl: true, ..key("f") }, false);
        check(Shortcut::plain("f"), Pressed { alt: true, ..key("f") }, false);
        check(Shortcut::shift("n"), Pressed { shift: true, ..key("N") }, true);
        check(Shortcut::plain("?"), Pressed { shift: true, ..key("?") }, true);
        check(Shortcut::plain("?"), key("?"), true);
        check(Shortcut::plain("1"), Pressed { shift: true, ..key("1") }, false);
        check(Shortcut::primary("k"), Pressed { ctrl: true, ..key("k") }, true);
        check(Shortcut::primary("k"), Pressed { meta: true, ..key("k") }, true);
        check(Shortcut::primary("k"), key("k"), false);
        check(Shortcut::plain("ArrowUp"), key("ArrowUp"), true);
        check(Shortcut::plain("ArrowUp"), Pressed { shift: true, ..key("ArrowUp") }, false);
    }

    #[test]
    fn caps_are_drawn_as_on_the_keyboard() {
        assert_eq!(Shortcut::primary("k").caps(false), ["Ctrl", "K"]);
        assert_eq!(Shortcut::primary("k").caps(true), ["⌘", "K"]);
        assert_eq!(Shortcut::shift("ArrowUp").caps(false), ["Shift", "↑"]);
        assert_eq!(Shortcut::plain("Home").caps(false), ["Home"]);
    }
}
