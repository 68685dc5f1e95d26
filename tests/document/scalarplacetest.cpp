#include "document/yamlparser.h"

#include <QTest>

using namespace pilothouse;

class ScalarPlaceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTextOfAScalarHasItsOwnPlace_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("place");
        const auto row = [](const char *name, const char *file, const char *place) {
            QTest::newRow(name) << QByteArray(file) << QString::fromLatin1(place);
        };
        row("plain", "a: b c", "1:4");
        row("in single quotes", "a: 'b c'", "1:5");
        row("in double quotes", "a: \"b c\"", "1:5");
        row("with an escape", "a: \"b\\tc\"", "0:0");
        row("with a doubled quote", "a: 'b''c'", "0:0");
        row("plain over two lines", "a: b\n  c", "0:0");
        row("literal", "a: |\n  b\n  c\n", "2:3");
        row("literal, chomped, with a remark", "a: |- # d\n    b\n", "2:5");
        row("literal that begins with blank lines", "a: |\n\n  \n   b\n", "2:4");
        row("literal with the indentation told", "a: |1\n   b\n", "0:0");
        row("literal with nothing in it", "a: |\n\n", "0:0");
        row("literal with Windows lines", "a: |\r\n\r\n  b\r\n", "2:3");
        row("folded", "a: >-\n  b\n  c\n", "0:0");
        row("with a tag before it", "a: !!str b", "0:0");
        row("behind other characters", "{é: 1, a: 💡 c}", "1:11");
        row("nothing", "a:", "0:0");
    }

    void theTextOfAScalarHasItsOwnPlace()
    {
        QFETCH(QByteArray, file);
        Problems problems(QStringLiteral("a.yml"));
        const YamlNode node = parseYaml(file, problems, Strictness::Lenient).value(u"a");
        QVERIFY(!problems.hasErrors());
        const Position at = node.textAt();
        QTEST(QStringLiteral("%1:%2").arg(at.line).arg(at.column), "place");
    }

    void anAliasHasThePlaceOfItsAnchor()
    {
        Problems problems(QStringLiteral("a.yml"));
        const YamlNode root = parseYaml("a: &x |\n  b\nc: *x\n", problems, Strictness::Lenient);
        QCOMPARE(root.value(u"c").text(), QStringLiteral("b\n"));
        QCOMPARE(root.value(u"c").textAt(), root.value(u"a").textAt());
    }
};

QTEST_GUILESS_MAIN(ScalarPlaceTest)
#include "scalarplacetest.moc"
