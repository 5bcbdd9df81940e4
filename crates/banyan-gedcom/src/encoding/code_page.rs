//! Code pages of MS-DOS, which old programs declare as IBMPC.

/// A code page: ASCII below 128 and a table above.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CodePage {
    pub name: &'static str,
    /// The characters of the bytes 128 to 255.
    high: &'static str,
}

pub(super) static IBM437: CodePage = CodePage {
    name: "IBM437",
    high: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
           └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
};

pub(super) static IBM850: CodePage = CodePage {
    name: "IBM850",
    high: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
           └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
};

pub(super) static IBM852: CodePage = CodePage {
    name: "IBM852",
    high: "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐\
           └┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}",
};

impl CodePage {
    pub(super) fn decode(&self, bytes: &[u8]) -> String {
        let high: Vec<char> = self.high.chars().collect();
        bytes
            .iter()
            .map(|&byte| match byte.checked_sub(128) {
                None => char::from(byte),
                Some(place) => {
                    high.get(usize::from(place)).copied().unwrap_or(char::REPLACEMENT_CHARACTER)
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_full() {
        for page in [&IBM437, &IBM850, &IBM852] {
            assert_eq!(page.high.chars().count(), 128, "{}", page.name);
        }
        assert_eq!(IBM437.decode(b"M\x81ller \xe1\xff"), "Müller ß\u{a0}");
        assert_eq!(IBM850.decode(b"\xc6\xd0"), "ãð");
        assert_eq!(IBM852.decode(b"\x88\xfd"), "łř");
    }
}
