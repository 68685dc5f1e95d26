#include "document/fields.h"

#include <QTest>

#include <functional>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

enum class Colour { Red, Green };

using Need = Fields::Need;

QStringList lines(const Problems &problems)
{
    QStringList result;
    for (const Problem &problem : problems.list())
        result.append(problem.toString());
    return result;
}

/// What reading `content` by `read` finds wrong.
QStringList complaints(const QByteArray &content, Strictness strictness,
                       const std::function<void(Fields &)> &read)
{
    Problems problems(QStringLiteral("f"));
    const YamlNode root = parseYaml(content, problems, strictness);
    {
        Fields fields(root, QStringLiteral("a thing"), problems, strictness);
        read(fields);
    }
    return lines(problems);
}

void readEverything(Fields &fields)
{
    static_cast<void>(fields.text("text", Need::Optional));
    static_cast<void>(fields.integer("integer", Need::Optional, 0, 10));
    static_cast<void>(fields.number("number", Need::Optional));
    static_cast<void>(fields.flag("flag", Need::Optional));
    static_cast<void>(fields.duration("duration", Need::Optional));
    static_cast<void>(fields.percent("percent", Need::Optional));
    static_cast<void>(fields.url("url", Need::Optional));
    static_cast<void>(fields.date("date", Need::Optional));
    static_cast<void>(fields.choice<Colour>(
        "colour", {{"red", Colour::Red}, {"green", Colour::Green}}, Need::Optional));
    static_cast<void>(fields.list("list", Need::Optional));
    static_cast<void>(fields.texts("texts", Need::Optional));
    static_cast<void>(fields.textOrTexts("needs", Need::Optional));
    static_cast<void>(fields.entries("entries", Need::Optional));
    static_cast<void>(fields.map("map", Need::Optional));
}

} // namespace

class FieldsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readEachType();
    void sayNothingAboutWhatIsAbsent();
    void sayWhatTheyExpected_data();
    void sayWhatTheyExpected();
    void collectEveryMistakeOfAMap();
    void nameTheNearestKey_data();
    void nameTheNearestKey();
    void allowMoreInOthersFiles();
    void ignoreTheRestButNotATypo();
    void wantEveryRequiredKey();
    void wantAtLeastOneElement();
    void aMissingMapIsReportedOnce();
    void keepPasswordsOutOfMessages();
    void reportAtTheValueOrAtTheMap();
};

void FieldsTest::readEachType()
{
    Problems problems(QStringLiteral("f"));
    const YamlNode root = parseYaml("text: 5\ninteger: -7\nnumber: 1e-2\nflag: true\nduration: 5m\n"
                                    "percent: 50\nurl: http://127.0.0.1:9090/x\ndate: 2026-12-15\n"
                                    "colour: green\nlist: [1, 2]\ntexts: [a, 'b']\none: a\n"
                                    "more: [a, b]\nentries: {x: 1, y: 2}\nany: [1]\n",
                                    problems);
    {
        Fields fields(root, QStringLiteral("a thing"), problems);
        QVERIFY(fields.isMap());
        QCOMPARE(fields.text("text"), QStringLiteral("5"));
        QCOMPARE(fields.integer("integer"), -7);
        QCOMPARE(fields.number("number"), 0.01);
        QCOMPARE(fields.flag("flag"), true);
        QVERIFY(fields.duration("duration") == 5min);
        QCOMPARE(fields.percent("percent"), 50);
        QCOMPARE(fields.url("url"), QUrl(QStringLiteral("http://127.0.0.1:9090/x")));
        QCOMPARE(fields.date("date"), QDate(2026, 12, 15));
        QVERIFY(fields.choice<Colour>("colour", {{"red", Colour::Red}, {"green", Colour::Green}})
                == Colour::Green);
        QCOMPARE(fields.list("list").size(), 2);
        QCOMPARE(fields.texts("texts"), (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
        QCOMPARE(fields.textOrTexts("one"), QStringList{QStringLiteral("a")});
        QCOMPARE(fields.textOrTexts("more").size(), 2);
        QCOMPARE(fields.entries("entries").at(1).key, QStringLiteral("y"));
        QVERIFY(fields.node("any").isSequence());
    }
    QCOMPARE(lines(problems), QStringList());
}

void FieldsTest::sayNothingAboutWhatIsAbsent()
{
    QCOMPARE(complaints("{}", Strictness::Strict, readEverything), QStringList());
}

void FieldsTest::sayWhatTheyExpected_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("problem");

    const auto row = [](const char *name, const char *content, const char *problem) {
        QTest::newRow(name) << QByteArray(content) << QString::fromUtf8(problem);
    };
    row("a list for a text", "text: [a]", "f:1:7: text: expected text, found a list");
    row("nothing for a text", "text:", "f:1:1: text: expected text, found nothing");
    row("an empty text", "text: ''", "f:1:7: text: expected text, found \"\"");
    row("a fraction for a whole number", "integer: 1.5",
        "f:1:10: integer: expected a whole number from 0 to 10, found \"1.5\"");
    row("a quoted whole number", "integer: '5'",
        "f:1:10: integer: expected a whole number from 0 to 10, found \"5\"");
    row("a whole number out of range", "integer: 11",
        "f:1:10: integer: expected a whole number from 0 to 10, found \"11\"");
    row("a whole number beyond 64 bits", "integer: 99999999999999999999",
        "f:1:10: integer: expected a whole number from 0 to 10, found \"99999999999999999999\"");
    row("a word for a number", "number: nan",
        "f:1:9: number: expected a number such as 0.01, found "
        "\"nan\"");
    row("yes for true", "flag: yes", "f:1:7: flag: expected true or false, found \"yes\"");
    row("a true that is misspelled", "flag: ture",
        "f:1:7: flag: expected true or false, found \"ture\"; did you mean \"true\"?");
    row("a duration without a unit", "duration: 30",
        "f:1:11: duration: expected a duration such as 500ms, 30s, 5m, 2h or 3d, found \"30\"");
    row("a per cent sign", "percent: 50%",
        "f:1:10: percent: expected per cent as a whole number from 0 to 100 without a sign, found "
        "\"50%\"");
    row("more than all", "percent: 101",
        "f:1:10: percent: expected per cent as a whole number from 0 to 100 without a sign, found "
        "\"101\"");
    row("a host without a scheme", "url: prometheus.example",
        "f:1:6: url: expected an address such as https://host/path, found \"prometheus.example\"");
    row("a file as an address", "url: file:///etc/passwd",
        "f:1:6: url: expected an address such as https://host/path, found \"file:///etc/passwd\"");
    row("a day that does not exist", "date: 2026-02-30",
        "f:1:7: date: expected a date such as 2026-12-15, found \"2026-02-30\"");
    row("a word that is misspelled", "colour: gren",
        "f:1:9: colour: expected one of red, green, found \"gren\"; did you mean \"green\"?");
    row("a text for a list", "list: a", "f:1:7: list: expected a list, found \"a\"");
    row("a map in a list of texts", "texts: [a, {b: 1}]",
        "f:1:12: texts: expected text, found a map");
    row("a map for one text or more", "needs: {a: 1}", "f:1:8: needs: expected text, found a map");
    row("a list for a map", "map: [a]", "f:1:6: map: expected a map, found a list");
    row("a long text is cut", "integer: 0123456789012345678901234567890123456789012345",
        "f:1:10: integer: expected a whole number from 0 to 10, found "
        "\"012345678901234567890123456789012345678…\"");
    row("a list as the whole", "- a", "f:1:1: expected a map for a thing, found a list");
}

void FieldsTest::sayWhatTheyExpected()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, problem);
    QCOMPARE(complaints(content, Strictness::Strict, readEverything), QStringList{problem});
}

void FieldsTest::collectEveryMistakeOfAMap()
{
    const QStringList found
        = complaints("number: x\nintger: 5\nflag: x\n", Strictness::Strict, readEverything);
    QCOMPARE(found.size(), 3);
    QVERIFY(found.at(0).startsWith(QStringLiteral("f:1:9: number")));
    QVERIFY(found.at(1).startsWith(QStringLiteral("f:2:1: \"intger\" is no key of a thing")));
    QVERIFY(found.at(2).startsWith(QStringLiteral("f:3:7: flag")));
}

void FieldsTest::nameTheNearestKey_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QStringList>("problems");

    const QString list = QStringLiteral("; expected one of name, path, paths");
    QTest::newRow("a misspelled required key is said once")
        << QByteArray("nmae: a\npath: b\n")
        << QStringList{QStringLiteral("f:1:1: \"nmae\" is no key of a thing") + list
                       + QStringLiteral("; did you mean \"name\"?")};
    QTest::newRow("a key that is there already was not meant")
        << QByteArray("name: a\npath: b\npathes: c\n")
        << QStringList{QStringLiteral("f:3:1: \"pathes\" is no key of a thing") + list
                       + QStringLiteral("; did you mean \"paths\"?")};
    QTest::newRow("a second spelling of a key that is there")
        << QByteArray("name: a\nname_: b\npath: c\n")
        << QStringList{QStringLiteral("f:2:1: \"name_\" is no key of a thing") + list
                       + QStringLiteral("; did you mean \"name\"?")};
    QTest::newRow("a key that is near to nothing")
        << QByteArray("name: a\npath: b\nzzz: c\n")
        << QStringList{QStringLiteral("f:3:1: \"zzz\" is no key of a thing") + list};
}

void FieldsTest::nameTheNearestKey()
{
    QFETCH(QByteArray, content);
    QFETCH(QStringList, problems);
    QCOMPARE(complaints(content, Strictness::Strict,
                        [](Fields &fields) {
                            static_cast<void>(fields.text("name"));
                            static_cast<void>(fields.text("path"));
                            static_cast<void>(fields.text("paths", Need::Optional));
                        }),
             problems);
}

void FieldsTest::allowMoreInOthersFiles()
{
    std::optional<QString> empty;
    std::optional<QString> null = QStringLiteral("not yet read");
    QCOMPARE(complaints("unknown: 1\nempty: ''\nnull_: \n", Strictness::Lenient,
                        [&](Fields &fields) {
                            empty = fields.text("empty");
                            null = fields.text("null_", Need::Optional);
                        }),
             QStringList());
    QCOMPARE(empty, QString());
    QVERIFY(!null.has_value());
    QCOMPARE(complaints("wrong: [1]\n", Strictness::Lenient,
                        [&](Fields &fields) { static_cast<void>(fields.text("wrong")); }),
             QStringList{QStringLiteral("f:1:8: wrong: expected text, found a list")});
}

void FieldsTest::ignoreTheRestButNotATypo()
{
    const auto read = [](Fields &fields) {
        static_cast<void>(fields.text("kind"));
        fields.ignoreRest();
    };
    QCOMPARE(complaints("other: 1\n", Strictness::Strict, read),
             QStringList{QStringLiteral("f:1:1: expected the key \"kind\" in a thing")});
    QCOMPARE(
        complaints("other: 1\nknid: 2\n", Strictness::Strict, read),
        QStringList{QStringLiteral("f:2:1: \"knid\" is no key of a thing; expected one of kind; "
                                   "did you mean \"kind\"?")});
}

void FieldsTest::wantEveryRequiredKey()
{
    QCOMPARE(complaints("a:\n  b: 1\n", Strictness::Strict,
                        [](Fields &fields) {
                            Fields inner(fields.map("a"), QStringLiteral("an inner thing"),
                                         fields.problems());
                            static_cast<void>(inner.text("b"));
                            static_cast<void>(inner.text("c"));
                        }),
             QStringList{QStringLiteral("f:2:3: expected the key \"c\" in an inner thing")});
}

void FieldsTest::wantAtLeastOneElement()
{
    const auto read = [](Fields &fields) {
        static_cast<void>(fields.list("l"));
    };
    QCOMPARE(complaints("l: []\n", Strictness::Strict, read),
             QStringList{QStringLiteral("f:1:4: l: expected at least one element in the list")});
    QCOMPARE(complaints("l: []\n", Strictness::Lenient, read), QStringList());
}

void FieldsTest::aMissingMapIsReportedOnce()
{
    QCOMPARE(complaints("x: 1\n", Strictness::Strict,
                        [](Fields &fields) {
                            static_cast<void>(fields.text("x"));
                            Fields inner(fields.map("a"), QStringLiteral("an inner thing"),
                                         fields.problems());
                            QVERIFY(!inner.isMap());
                            QVERIFY(!inner.text("b").has_value());
                        }),
             QStringList{QStringLiteral("f:1:1: expected the key \"a\" in a thing")});
}

void FieldsTest::keepPasswordsOutOfMessages()
{
    const QStringList found
        = complaints("url: https://me:hunter2@host/\n", Strictness::Strict, readEverything);
    QCOMPARE(found.size(), 1);
    QVERIFY(found.first().startsWith(QStringLiteral("f:1:6: url: expected an address without")));
    QVERIFY(!found.first().contains(QStringLiteral("hunter2")));
}

void FieldsTest::reportAtTheValueOrAtTheMap()
{
    QCOMPARE(complaints("a: 1\nb: 2\n", Strictness::Strict,
                        [](Fields &fields) {
                            fields.ignore("a");
                            fields.ignore("b");
                            fields.report("b", QStringLiteral("wrong"), QStringLiteral("c"));
                            fields.report("c", QStringLiteral("absent"));
                        }),
             (QStringList{QStringLiteral("f:1:1: absent"),
                          QStringLiteral("f:2:4: wrong; did you mean \"c\"?")}));
}

QTEST_GUILESS_MAIN(FieldsTest)
#include "fieldstest.moc"
