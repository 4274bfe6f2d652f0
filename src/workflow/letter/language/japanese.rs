//! What is fixed in a letter in Japanese.

use super::Fixed;

pub(super) const FIXED: Fixed = Fixed {
    heading: ("「", "」への支援状"),
    reference: "整理番号",
    particulars: ["申請機関", "研究代表者", "プログラム", "公募"],
    after_salutation: "",
    close: ("敬具", "敬具"),
    salutation: ("審査委員各位", "ご担当者様"),
    dear: "拝啓 ",
    co_signed: (
        "連署者",
        "連署者はそれぞれ、自らの名において、また記載された機関のためにこの事業を支援するものであり、他の者を代表するものではありません。",
    ),
    limitation: (
        "支援の範囲",
        "この支援は、IIIFコンソーシアムが組織として自らの名において行うものです。本状は、特定の個人または特定の会員機関の支援を示すものではありません。",
    ),
    check: ("本状の真正性の確認", "二次元コードを読み取るか、次のページでコードを入力してください: ", ""),
    code: "コード",
    page: ("支援状 ", "　", " / "),
    square: "本状を確認するページを開く二次元コード",
    logo: ("", "のロゴ"),
    signature: ("", "の署名"),
    standing: [
        "IIIFコンソーシアム中核創立会員",
        "IIIFコンソーシアム創立会員",
        "IIIFコンソーシアム正会員",
        "IIIFコンソーシアム準会員",
    ],
    months: [""; 12],
};
