#include "document/yamlparser.h"

#include <QElapsedTimer>
#include <QTest>

using namespace pilothouse;

namespace {

QString place(const Position &at)
{
    return QStringLiteral("%1:%2").arg(at.line).arg(at.column);
}

/// A tree as one line, so that a row can say what it expects.
QString shape(const YamlNode &node)
{
    QStringList parts;
    switch (node.kind()) {
    case YamlNode::Kind::Missing:
        return QStringLiteral("missing");
    case YamlNode::Kind::Null:
        return QStringLiteral("null");
    case YamlNode::Kind::Scalar:
        return node.isPlain() ? node.text() : QStringLiteral("'%1'").arg(node.text());
    case YamlNode::Kind::Sequence:
        for (const YamlNode &item : node.items())
            parts.append(shape(item));
        return QStringLiteral("[%1]").arg(parts.join(QLatin1Char(' ')));
    case YamlNode::Kind::Map:
        for (const YamlNode::Entry &entry : node.entries())
            parts.append(entry.key + QLatin1Char('=') + shape(entry.value));
        return QStringLiteral("{%1}").arg(parts.join(QLatin1Char(' ')));
    }
    return {};
}

QStringList lines(const Problems &problems)
{
    QStringList result;
    for (const Problem &problem : problems.list())
        result.append(problem.toString());
    return result;
}

/// `levels` maps within each other.
QByteArray nested(int levels)
{
    QByteArray text;
    for (int i = 0; i < levels; ++i)
        text += QByteArray(i, ' ') + "a:\n";
    return text + QByteArray(levels, ' ') + "a: b\n";
}

/// Each line doubles the one above: 2^levels values when somebody walks it.
QByteArray bomb(int levels)
{
    QByteArray text = "a0: &a0 [x, x]\n";
    for (int i = 1; i <= levels; ++i) {
        const QByteArray below = QByteArray::number(i - 1);
        const QByteArray name = QByteArray::number(i);
        text += "a" + name + ": &a" + name + " [*a" + below + ", *a" + below + "]\n";
    }
    return text;
}

/// Nests one level a line without ever indenting.
QByteArray aliasLadder(int levels)
{
    QByteArray text = "a0: &a0 [x]\n";
    for (int i = 1; i <= levels; ++i) {
        const QByteArray name = QByteArray::number(i);
        text += "a" + name + ": &a" + name + " [*a" + QByteArray::number(i - 1) + "]\n";
    }
    return text;
}

} // namespace

class YamlParserTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTrees_data();
    void readsTrees();
    void tellsPlaces_data();
    void tellsPlaces();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void goesOnInOthersFiles_data();
    void goesOnInOthersFiles();
    void keepsWhatEndedAboveAnError_data();
    void keepsWhatEndedAboveAnError();
    void refusesWhatIsTooMuch_data();
    void refusesWhatIsTooMuch();
    void isNotSlowedByMistakes();
    void survivesEveryCutAndEveryByte();
    void sharesAnAliasedValue();
};

void YamlParserTest::readsTrees_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("tree");

    const auto row = [](const char *name, const char *content, const char *tree) {
        QTest::newRow(name) << QByteArray(content) << QString::fromUtf8(tree);
    };
    row("block and flow style read alike", "a: {b: 1}\nc:\n  - x\n  - y\n", "{a={b=1} c=[x y]}");
    row("quotes are kept apart from plain text", "a: '5'\nb: \"5\"\nc: 5\n", "{a='5' b='5' c=5}");
    row("block text is no number", "a: |\n  5\n", "{a='5\n'}");
    row("!!str makes a number a text", "a: !!str 5\nb: !!int 5\n", "{a='5' b=5}");
    row("an empty value, ~ and null are null", "a:\nb: ~\nc: null\nd: ''\n",
        "{a=null b=null c=null d=''}");
    row("keys keep the order of the file", "z: 1\na: 2\nm: 3\n", "{z=1 a=2 m=3}");
    row("an alias stands for the anchored value", "a: &x [1, 2]\nb: *x\n", "{a=[1 2] b=[1 2]}");
    row("an alias may be a key", "a: &x name\n*x : 1\n", "{a=name name=1}");
    row("quotes within quotes are closed", "a: 'it''s'\nb: \"say \\\"no\\\"\"\n",
        "{a='it's' b='say \"no\"'}");
    row("a quoted << is a key like any other", "'<<': 1\n", "{<<=1}");
    row("on and yes stay the words they are", "on: yes\n", "{on=yes}");
    row("a clock time needs no quotes", "a: {from: Fri 16:00, to: Mon 08:00}\n",
        "{a={from=Fri 16:00 to=Mon 08:00}}");
    row("Windows line ends are fine", "a: 1\r\nb:\r\n  - c\r\n", "{a=1 b=[c]}");
    row("a document start and comments are fine", "# hello\n---\na: 1 # one\n...\n", "{a=1}");
    row("text beyond ASCII is kept", "name: Zürich 🚀\n", "{name=Zürich 🚀}");
    row("a list may be the root", "- 1\n- [2, 3]\n", "[1 [2 3]]");
    row("the same key in two maps is fine", "a: {x: 1}\nb: {x: 1}\n", "{a={x=1} b={x=1}}");
    row("a tab inside block text is text", "a: |\n  x\n  \ty\n", "{a='x\n\ty\n'}");
}

void YamlParserTest::readsTrees()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, tree);
    Problems problems(QStringLiteral("f"));
    const YamlNode root = parseYaml(content, problems);
    QCOMPARE(lines(problems), QStringList());
    QCOMPARE(shape(root), tree);
}

void YamlParserTest::tellsPlaces_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("keyAt");
    QTest::addColumn<QString>("valueAt");

    const auto row
        = [](const char *name, const char *content, const char *keyAt, const char *valueAt) {
              QTest::newRow(name) << QByteArray(content) << QStringLiteral("k")
                                  << QString::fromLatin1(keyAt) << QString::fromLatin1(valueAt);
          };
    row("counting begins at one", "k: v\n", "1:1", "1:4");
    row("comments and empty lines count", "# c\n\nk: v\n", "3:1", "3:4");
    row("a quoted value begins at its quote", "k: 'v'\n", "1:1", "1:4");
    row("a list begins at its bracket", "k: [v]\n", "1:1", "1:4");
    row("a map in block style begins at its first key", "k:\n  a: 1\n", "1:1", "2:3");
    row("a list in block style begins at its first dash", "k:\n  - a\n", "1:1", "2:3");
    row("an empty value stands at its key", "k:\nz: 1\n", "1:1", "1:1");
    row("two-byte characters count once", "{ä: ö, k: v}\n", "1:8", "1:11");
    row("four-byte characters count once", "{🚀: x, k: v}\n", "1:8", "1:11");
    row("an alias has its key here and its value there", "a: &x [v]\nk: *x\n", "2:1", "1:4");
    row("a written null stands where it is written", "k: ~\n", "1:1", "1:4");
    row("Windows line ends shift nothing", "a: 1\r\nk: v\r\n", "2:1", "2:4");
    row("no such key has no place", "a: 1\n", "0:0", "0:0");
}

void YamlParserTest::tellsPlaces()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, key);
    QFETCH(QString, keyAt);
    QFETCH(QString, valueAt);
    Problems problems(QStringLiteral("f"));
    const YamlNode root = parseYaml(content, problems);
    QCOMPARE(lines(problems), QStringList());
    QCOMPARE(place(root.keyAt(key)), keyAt);
    QCOMPARE(place(root.value(key).at()), valueAt);
}

void YamlParserTest::saysWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("problem");

    const auto row = [](const char *name, const QByteArray &content, const char *problem) {
        QTest::newRow(name) << content << QString::fromUtf8(problem);
    };
    row("a key twice", "a: 1\nb: 2\na: 3\n",
        "f:3:1: \"a\" stands twice in this map; the first one is in line 1");
    row("a key twice, once quoted", "{a: 1, 'a': 2}\n",
        "f:1:8: \"a\" stands twice in this map; the first one is in line 1");
    row("a merge key", "a: &a {b: 1}\nc:\n  <<: *a\n",
        "f:3:3: the merge key \"<<\" is not read here; expected the keys themselves, or an alias "
        "for "
        "the whole value");
    row("a key without a name", "a: 1\n: 2\n",
        "f:2:1: this key is empty; expected a name before the colon");
    row("a list as a key", "? [a, b]\n: 1\n",
        "f:1:3: a list or map stands as a key; expected a name before the colon");
    row("a tag of another program", "a: !secret b\n",
        "f:1:4: the tag \"!secret\" is not known here; expected a plain value");
    row("nothing at all", "", "f:1:1: the file is empty; expected \"key: value\" lines");
    row("only a comment", "# a: 1\n", "f:1:1: the file is empty; expected \"key: value\" lines");
    row("only a document start", "---\n",
        "f:1:1: the file is empty; expected \"key: value\" lines");
    row("two documents", "a: 1\n---\na: 2\n",
        "f:2:1: a second document begins here; expected one in a file");
    row("a byte-order mark",
        "\xEF\xBB\xBF"
        "a: 1\n",
        "f:1:1: the file begins with a byte-order mark; save it as UTF-8 without");
    row("UTF-16",
        QByteArray("\xFF\xFE"
                   "a\0:\0",
                   6),
        "f:1:1: the file is in UTF-16; expected UTF-8");
    row("Latin-1", "# ä\nname: Z\xFCrich\n",
        "f:2:8: this is not valid UTF-8; save the file as UTF-8");
    row("UTF-8 cut in the middle", "a: \xC3",
        "f:1:4: this is not valid UTF-8; save the file as UTF-8");
    row("a byte that a parser would take for the end", "a: 1\nb: \x04\nc: 3\n",
        "f:2:4: the control character U+0004 stands here; expected text");
    row("a zero byte", QByteArray("a: \0", 4),
        "f:1:4: the control character U+0000 stands here; expected text");
    row("a tab for indentation", "a:\n\tb: 1\n", "f:2:1: a tab indents this line; expected spaces");
    row("a tab after spaces", "a:\n  b: 1\n \tc: 1\n",
        "f:3:2: a tab indents this line; expected spaces");
    row("a key too far left", "a:\n    b: 1\n  c: 2\n",
        "f:3:3: expected \"key: value\" at the indentation of the lines above; text with a colon "
        "and "
        "a blank in it needs quotes");
    row("a second colon", "a: b: c\n",
        "f:1:5: expected \"key: value\" at the indentation of the lines above; text with a colon "
        "and "
        "a blank in it needs quotes");
    row("a map that is not closed", "a: {b: 1\nc: 2\n",
        "f:2:2: expected a comma or the closing \"}\" of this map");
    row("a map that is not closed till the end", "a: {b: [1, 2],\n  c: 3",
        "f:1:4: expected a comma or the closing \"}\" of this map");
    row("a list that is not closed", "a: [b, [c, d\n",
        "f:1:8: expected a comma or the closing \"]\" of this list");
    row("a quote that is not closed", "a: \"b\nc: d\n",
        "f:1:4: expected the closing quote of this text");
    row("a single quote that is not closed", "a: &x 'it''s\nc: d\n",
        "f:1:4: expected the closing quote of this text");
    row("a quote that is not closed in the last line", "a: 'b",
        "f:1:6: expected the closing quote of a text that begins above");
    row("an alias without an anchor", "a: *b\n",
        "f:1:4: this alias has no anchor above it; expected \"&name\" on the value meant");
    row("a backslash in double quotes", "a: \"C:\\q\"\n",
        "f:1:9: an escape that YAML does not know; expected single quotes for a text with "
        "backslashes");
    row("a value within itself", "a: &x\n  b: *x\n",
        "f:2:6: this alias stands inside the value it refers to");
}

void YamlParserTest::saysWhatIsWrong()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, problem);
    Problems problems(QStringLiteral("f"));
    static_cast<void>(parseYaml(content, problems));
    QCOMPARE(lines(problems), QStringList{problem});
    QVERIFY(problems.hasErrors());
}

void YamlParserTest::goesOnInOthersFiles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("tree");
    QTest::addColumn<int>("warnings");

    const auto row = [](const char *name, const char *content, const char *tree, int warnings) {
        QTest::newRow(name) << QByteArray(content) << QString::fromUtf8(tree) << warnings;
    };
    row("of a key twice the first stays", "a: 1\na: {b: 2}\nc: 3\n", "{a=1 c=3}", 1);
    row("a merge key is left out", "a: &a {b: 1}\nc: {<<: *a, d: 2}\n", "{a={b=1} c={d=2}}", 1);
    row("a list as a key is left out", "? [a, b]\n: 1\nc: 2\n", "{c=2}", 1);
    row("a byte-order mark is skipped",
        "\xEF\xBB\xBF"
        "a: 1\n",
        "{a=1}", 1);
    row("a foreign tag is kept in silence", "a: !Ref b\n", "{a=b}", 0);
}

void YamlParserTest::goesOnInOthersFiles()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, tree);
    QFETCH(int, warnings);
    Problems problems(QStringLiteral("f"));
    const YamlNode root = parseYaml(content, problems, Strictness::Lenient);
    QCOMPARE(shape(root), tree);
    QCOMPARE(int(problems.list().size()), warnings);
    QVERIFY(!problems.hasErrors());
}

void YamlParserTest::keepsWhatEndedAboveAnError_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("levels");
    QTest::addColumn<QString>("tree");

    const auto row = [](const char *name, const QByteArray &content, int levels, const char *tree) {
        QTest::newRow(name) << content << levels << QString::fromUtf8(tree);
    };
    const QByteArray bracket = "a: 1\nb:\n  c: {d: 2}\n  e:\n    f: 3\n    g: [4, [5]\nh: 6\n";
    row("nothing", bracket, 0, "missing");
    row("down to the document's own values", bracket, 1, "{a=1}");
    row("down to a level below", bracket, 2, "{a=1 b={c={d=2}}}");
    row("down to a level below that", bracket, 3, "{a=1 b={c={d=2} e={f=3}}}");
    row("down to more levels than there are", bracket, 9, "{a=1 b={c={d=2} e={f=3 g=[4 [5]]}}}");
    const QByteArray quote = "a: 1\nb:\n  c: {d: 2}\n  e:\n    f: 3\n    g: [4]\n    h: \"5\n";
    row("above a quote: the document's own values", quote, 1, "{a=1}");
    row("above a quote: a level below", quote, 2, "{a=1 b={c={d=2}}}");
    row("above a quote: a level below that", quote, 3, "{a=1 b={c={d=2} e={f=3 g=[4]}}}");
    row("in a list", "- 1\n- [2, 3]\n-\n  - 4\n  - {a: 5\n", 2, "[1 [2 3] [4]]");
    row("under a key that stands twice", "a: 1\na: [2, 3\nb: 4\n", 2, "{a=1}");
    row("an alias", "a: &x [1]\nb: *x\nc: *y\n", 2, "{a=[1] b=[1]}");
    row("of the first document", "a: 1\n---\nb: 2\n", 2, "{a=1}");
    row("nothing of a bomb", bomb(40), 2, "missing");
    row("nothing of what is nested too deep", nested(99), 2, "missing");
    row("nothing of what is too large", QByteArray(2 << 20, '#'), 2, "missing");
    row("around a control character", "a: 1\nb: \x04\nc: 2\n", 2, "{a=1 b=\uFFFD c=2}");
    row("below a control character in a comment", "# \x01\na: 1\n", 2, "{a=1}");
    row("above a control character at the end", "a: 1\nb: {c: 2}\n\x1A", 2,
        "{a=1 b={c=2} \uFFFD=null}");
    row("around a byte of Latin-1", "# \xFC\na: Z\xFCrich\nb: 1\n", 2, "{a=Z\uFFFDrich b=1}");
    row("UTF-16, the lower byte first",
        QByteArray("\xFF\xFE"
                   "a\0:\0 \0\xFC\0\n\0",
                   12),
        2, "{a=ü}");
    row("UTF-16, the higher byte first",
        QByteArray("\xFE\xFF"
                   "\0a\0:\0 \0\xFC\0\n",
                   12),
        2, "{a=ü}");
}

void YamlParserTest::keepsWhatEndedAboveAnError()
{
    QFETCH(QByteArray, content);
    QFETCH(int, levels);
    Problems problems(QStringLiteral("f"));
    const ReadableYaml found = parseYamlToError(content, problems, levels);
    QVERIFY(!found.isWhole);
    QTEST(shape(found.root), "tree");
    Problems same(QStringLiteral("f"));
    QVERIFY(parseYaml(content, same).isMissing());
    QCOMPARE(lines(problems), lines(same));
}

void YamlParserTest::refusesWhatIsTooMuch_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("problem");

    QTest::newRow("100 levels are read") << nested(98) << QString();
    QTest::newRow("101 levels are not")
        << nested(99) << QStringLiteral("f:100:100: nested more than 100 levels deep");
    QTest::newRow("a hundred thousand brackets")
        << QByteArray(100'000, '[') << QStringLiteral("nested more than 100 levels deep");
    QTest::newRow("a hundred thousand braces")
        << QByteArray(100'000, '{') << QStringLiteral("nested more than 100 levels deep");
    QTest::newRow("levels made by aliases count as well")
        << aliasLadder(1000) << QStringLiteral("nested more than 100 levels deep");
    QTest::newRow("ten doublings are read") << bomb(10) << QString();
    QTest::newRow("forty doublings are not")
        << bomb(40) << QStringLiteral("aliases counted as often as they are used");
    QTest::newRow("two megabytes")
        << QByteArray(2 << 20, '#') << QStringLiteral("f: the file has more than 1,048,576 bytes");
}

void YamlParserTest::refusesWhatIsTooMuch()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, problem);
    Problems problems(QStringLiteral("f"));
    const YamlNode root = parseYaml(content, problems);
    if (problem.isEmpty()) {
        QCOMPARE(lines(problems), QStringList());
        return;
    }
    QVERIFY(root.isMissing());
    QCOMPARE(int(problems.list().size()), 1);
    QVERIFY2(problems.list().first().toString().contains(problem),
             qPrintable(problems.list().first().toString()));
}

void YamlParserTest::isNotSlowedByMistakes()
{
    Problems problems(QStringLiteral("f"));
    QElapsedTimer timer;
    timer.start();
    const YamlNode root = parseYaml(QByteArray("a: 1\n").repeated(50'000), problems);
    QCOMPARE(shape(root), QStringLiteral("{a=1}"));
    QCOMPARE(int(problems.list().size()), Problems::most);
    // A second or two under the sanitizers; minutes if every problem were compared with every
    // other.
    QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
}

void YamlParserTest::survivesEveryCutAndEveryByte()
{
    const QByteArray whole = "a: &x {b: [1, 'two', \"three\"], ? c : |-\n    text\n  }\n"
                             "d: *x\n# end\n- ä: !!str 5\n";
    const QByteArray poison = "\0\x04\t\n:-?*&!|>'\"%@`{}[],#\x80\xC3\xFF";
    for (qsizetype cut = 0; cut <= whole.size(); ++cut) {
        Problems problems(QStringLiteral("f"));
        const YamlNode root = parseYaml(whole.first(cut), problems, Strictness::Lenient);
        QVERIFY(!root.isMissing() || problems.hasErrors());
        for (const char byte : poison) {
            Problems more(QStringLiteral("f"));
            QByteArray changed = whole;
            changed.insert(cut, byte);
            const YamlNode other = parseYaml(changed, more);
            QVERIFY(!other.isMissing() || more.hasErrors());
            for (const int levels : {1, 2, 3}) {
                Problems again(QStringLiteral("f"));
                const ReadableYaml part = parseYamlToError(changed, again, levels);
                QVERIFY(part.isWhole ? shape(part.root) == shape(other) : again.hasErrors());
            }
        }
    }
}

void YamlParserTest::sharesAnAliasedValue()
{
    Problems problems(QStringLiteral("f"));
    const YamlNode root = parseYaml("a: &x [1, 2]\nb: *x\n", problems);
    QCOMPARE(&root.value(u"a").items(), &root.value(u"b").items());
}

QTEST_GUILESS_MAIN(YamlParserTest)
#include "yamlparsertest.moc"
