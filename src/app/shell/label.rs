//! The texts of what the engine names by a word of its own: labels, words of the canvas.

use banyan_view::{Label, Word, Words};

use super::text::{Locale, Text, text};

/// The words that the engine draws on the canvas.
pub fn words(locale: Locale) -> Words {
    Words(Word::ALL.map(|name| word(name).of(locale).to_owned()).to_vec())
}

pub fn word(word: Word) -> Text {
    match word {
        Word::Male => text!(word_male),
        Word::Female => text!(word_female),
        Word::UnknownSex => text!(word_unknown_sex),
        Word::Unnamed => text!(word_unnamed),
        Word::Active => text!(word_active),
        Word::Idle => text!(word_idle),
        Word::Blocked => text!(word_blocked),
        Word::Subscriber => text!(word_subscriber),
        Word::Replica => text!(word_replica),
        Word::Master => text!(word_master),
        Word::Monitor => text!(word_monitor),
        Word::InMulti => text!(word_in_multi),
        Word::Closing => text!(word_closing),
        Word::NoName => text!(word_no_name),
        Word::NoLibrary => text!(word_no_library),
        Word::OwnConnections => text!(word_own_connections),
        Word::Other => text!(word_other),
        Word::AllKeys => text!(word_all_keys),
        Word::MoreKeys => text!(word_more_keys),
        Word::NoTtl => text!(word_no_ttl),
        Word::Database => text!(word_database),
        Word::Yes => text!(word_yes),
        Word::No => text!(word_no),
        Word::Up => text!(word_up),
        Word::Down => text!(word_down),
        Word::Gone => text!(word_gone),
    }
}

pub fn label(label: Label) -> Text {
    match label {
        Label::Name => text!(label_name),
        Label::OtherNames => text!(label_other_names),
        Label::Sex => text!(label_sex),
        Label::Born => text!(label_born),
        Label::Baptised => text!(label_baptised),
        Label::Died => text!(label_died),
        Label::Buried => text!(label_buried),
        Label::Place => text!(label_place),
        Label::Occupation => text!(label_occupation),
        Label::Generation => text!(label_generation),
        Label::Parents => text!(label_parents),
        Label::Partners => text!(label_partners),
        Label::Children => text!(label_children),
        Label::Siblings => text!(label_siblings),
        Label::Father => text!(label_father),
        Label::Mother => text!(label_mother),
        Label::Parent => text!(label_parent),
        Label::Partner => text!(label_partner),
        Label::Married => text!(label_married),
        Label::Divorced => text!(label_divorced),
        Label::Child => text!(label_child),
        Label::Sibling => text!(label_sibling),
        Label::Event => text!(label_event),
        Label::Events => text!(label_events),
        Label::Note => text!(label_note),
        Label::Record => text!(label_record),
        Label::Line => text!(label_line),
        Label::Address => text!(label_address),
        Label::State => text!(label_state),
        Label::Database => text!(label_database),
        Label::Age => text!(label_age),
        Label::Idle => text!(label_idle),
        Label::LastCommand => text!(label_last_command),
        Label::User => text!(label_user),
        Label::Library => text!(label_library),
        Label::OutputBuffer => text!(label_output_buffer),
        Label::QueryBuffer => text!(label_query_buffer),
        Label::Memory => text!(label_memory),
        Label::Subscriptions => text!(label_subscriptions),
        Label::QueuedCommands => text!(label_queued_commands),
        Label::WatchedKeys => text!(label_watched_keys),
        Label::ProtocolVersion => text!(label_protocol_version),
        Label::Flags => text!(label_flags),
        Label::Thread => text!(label_thread),
        Label::TcpState => text!(label_tcp_state),
        Label::ClientId => text!(label_client_id),
        Label::OwnConnection => text!(label_own_connection),
        Label::Clients => text!(label_clients),
        Label::Kind => text!(label_kind),
        Label::Version => text!(label_version),
        Label::Uptime => text!(label_uptime),
        Label::MaxMemory => text!(label_max_memory),
        Label::MaxClients => text!(label_max_clients),
        Label::BlockedClients => text!(label_blocked_clients),
        Label::OpsPerSecond => text!(label_ops_per_second),
        Label::TotalConnections => text!(label_total_connections),
        Label::Keys => text!(label_keys),
        Label::Replication => text!(label_replication),
        Label::Role => text!(label_role),
        Label::MasterLink => text!(label_master_link),
        Label::Replicas => text!(label_replicas),
        Label::Offset => text!(label_offset),
        Label::Lag => text!(label_lag),
        Label::CostCommands => text!(label_cost_commands),
        Label::CostMicros => text!(label_cost_micros),
        Label::Prefix => text!(label_prefix),
        Label::KeyCount => text!(label_key_count),
        Label::WithTtl => text!(label_with_ttl),
        Label::MeanTtl => text!(label_mean_ttl),
        Label::Types => text!(label_types),
        Label::Folded => text!(label_folded),
        Label::ShareOfKeys => text!(label_share_of_keys),
        Label::ShareOfBytes => text!(label_share_of_bytes),
        Label::TypeString => text!(label_type_string),
        Label::TypeList => text!(label_type_list),
        Label::TypeSet => text!(label_type_set),
        Label::TypeSortedSet => text!(label_type_sorted_set),
        Label::TypeHash => text!(label_type_hash),
        Label::TypeStream => text!(label_type_stream),
        Label::TypeOther => text!(label_type_other),
        Label::Completeness => text!(label_completeness),
        Label::Cremated => text!(label_cremated),
        Label::Adopted => text!(label_adopted),
        Label::Engaged => text!(label_engaged),
        Label::Separated => text!(label_separated),
        Label::TitleOfHonour => text!(label_title_of_honour),
        Label::Education => text!(label_education),
        Label::Religion => text!(label_religion),
        Label::Residence => text!(label_residence),
        Label::Emigrated => text!(label_emigrated),
        Label::Immigrated => text!(label_immigrated),
        Label::Census => text!(label_census),
        Label::HalfSibling => text!(label_half_sibling),
        Label::Withheld => text!(label_withheld),
        Label::RunId => text!(label_run_id),
    }
}

/// What a term means, for those who hover over it.
pub fn hint(label: Label) -> Option<Text> {
    Some(match label {
        Label::Generation => text!(hint_generation),
        Label::OutputBuffer => text!(hint_output_buffer),
        Label::QueryBuffer => text!(hint_query_buffer),
        Label::Idle => text!(hint_idle),
        Label::OwnConnection => text!(hint_own_connection),
        Label::MeanTtl => text!(hint_mean_ttl),
        Label::Folded => text!(hint_folded),
        Label::Lag => text!(hint_lag),
        Label::CostCommands => text!(hint_cost_commands),
        Label::Completeness => text!(hint_completeness),
        Label::TcpState => text!(hint_tcp_state),
        Label::Record => text!(hint_record),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::shell::text::LOCALES;

    #[test]
    fn every_word_of_the_canvas_has_a_text() {
        for locale in LOCALES {
            assert!(words(locale).0.iter().all(|word| !word.is_empty()), "{locale:?}");
        }
        assert_eq!(words(Locale::zh_CN).get(Word::Idle), "空闲");
    }

    #[test]
    fn english_words_are_those_of_the_command_line() {
        assert_eq!(words(Locale::en), Words::english());
    }
}
