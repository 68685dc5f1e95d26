#include "release/compare/valuesdifference.h"

#include <QTest>

using namespace pilothouse;

namespace {

QStringList linesOf(const ValuesFile &file)
{
    QStringList lines;
    for (const ValueDifference &each : file.differences)
        lines.append(QStringLiteral("%1: %2 → %3")
                         .arg(each.key, each.before.isEmpty() ? QStringLiteral("–") : each.before,
                              each.after.isEmpty() ? QStringLiteral("–") : each.after));
    return lines;
}

ValuesFile differenceOf(const QByteArray &before, const QByteArray &after)
{
    return valuesDifference(QStringLiteral("helm/app/values.yaml"), before, after);
}

} // namespace

class TestValuesDifference final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void valuesAreToldByTheirDottedKey_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QStringList>("lines");
        const auto row = [](const char *name, const char *before, const char *after,
                            const QStringList &lines) {
            QTest::newRow(name) << QByteArray(before) << QByteArray(after) << lines;
        };
        const auto t = [](const char *text) {
            return QString::fromUtf8(text);
        };
        row("the same values in another order and form", "a: 1\nb: {c: x}\n",
            "# a remark\nb:\n  c: 'x'\na: 1\n", {});
        row("a value", "pool: {size: 5}\n", "pool: {size: 10}\n", {t("pool.size: 5 → 10")});
        row("one that comes", "pool: {size: 5}\n", "pool: {size: 5, overflow: 2}\n",
            {t("pool.overflow: – → 2")});
        row("one that goes", "a: 1\nb: 2\n", "b: 2\n", {t("a: 1 → –")});
        row("a map that comes is told by its values", "a: 1\n",
            "a: 1\nlimits: {cpu: 250m, memory: 1Gi}\n",
            {t("limits.cpu: – → 250m"), t("limits.memory: – → 1Gi")});
        row("a map that goes", "limits: {cpu: {max: 1}}\na: 1\n", "a: 1\n",
            {t("limits.cpu.max: 1 → –")});
        row("a map that comes with nothing in it", "a: 1\n", "a: 1\nextra: {}\n",
            {t("extra: – → {}")});
        row("a value that becomes a map", "a: 1\n", "a: {b: 2}\n", {t("a: 1 → {b: 2}")});
        row("a list of another length, as a whole", "hosts: [a, b]\n", "hosts: [a, b, c]\n",
            {t("hosts: [a, b] → [a, b, c]")});
        row("a list of the same length, by element", "env: [{name: A, value: 1}, {name: B}]\n",
            "env: [{name: A, value: 2}, {name: B}]\n", {t("env[0].value: 1 → 2")});
        row("a number becomes a text", "port: 80\n", "port: '80'\n", {t("port: 80 → \"80\"")});
        row("quotes around a text that is one anyhow", "name: web\n", "name: \"web\"\n", {});
        row("an empty text and nothing", "tag: ''\n", "tag:\n", {t("tag: \"\" → null")});
        row("a key with a dot", "annotations: {a.b/c: x}\n", "annotations: {a.b/c: y}\n",
            {t("annotations.\"a.b/c\": x → y")});
        row("a text of several lines", "conf: |\n  a\n  b\n", "conf: |\n  a\n  c\n",
            {t("conf: a\\nb\\n → a\\nc\\n")});
        row("an anchor is followed at both places", "base: &b {size: 5}\nweb: *b\n",
            "base: &b {size: 6}\nweb: *b\n", {t("base.size: 5 → 6"), t("web.size: 5 → 6")});
        row("an anchor is written out", "base: &b {size: 5}\nweb: *b\n",
            "base: {size: 5}\nweb: {size: 5}\n", {});
        row("a file that is new", "", "a: {b: 1}\n", {t("a.b: – → 1")});
        row("a file that is gone", "a: {b: 1}\n", "", {t("a.b: 1 → –")});
        row("a file of remarks", "# nothing\n", "a: 1\n", {t("a: – → 1")});
    }

    void valuesAreToldByTheirDottedKey()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        const ValuesFile file = differenceOf(before, after);
        QTEST(linesOf(file), "lines");
        QCOMPARE(file.problem, QString());
        QCOMPARE(file.path, QStringLiteral("helm/app/values.yaml"));
    }

    void secretsAreNotTold_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QString>("line");
        const auto row
            = [](const char *name, const char *before, const char *after, const char *line) {
                  QTest::newRow(name)
                      << QByteArray(before) << QByteArray(after) << QString::fromUtf8(line);
              };
        row("by the key", "db: {password: hunter2}\n", "db: {password: hunter3}\n",
            "db.password: *** → ***");
        row("by the key in another case", "apiKey: one\n", "apiKey: two\n", "apiKey: *** → ***");
        row("one that comes", "a: 1\n", "a: 1\ntoken: x\n", "token: – → ***");
        row("by its form", "env: [x]\n", "env: [ghp_0123456789abcdefghijklmnopqrstuvwxyz]\n",
            "env[0]: x → ***");
    }

    void secretsAreNotTold()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QString, line);
        QCOMPARE(linesOf(differenceOf(before, after)), QStringList{line});
    }

    void aKeyThatOnlyBeginsLikeASecretIsTold()
    {
        QCOMPARE(linesOf(differenceOf("secretName: a\n", "secretName: b\n")),
                 QStringList{QString::fromUtf8("secretName: a → b")});
    }

    void whatCannotBeReadIsSaid_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QString>("words");
        QTest::newRow("a mistake in the newer one")
            << QByteArray("a: 1\n") << QByteArray("a: [1\n") << QStringLiteral("values.yaml:");
        QTest::newRow("a mistake in the older one")
            << QByteArray("a: 'x\n") << QByteArray("a: 1\n") << QStringLiteral("values.yaml:");
        QTest::newRow("a template instead of values")
            << QByteArray("- a\n") << QByteArray("- b\n") << QStringLiteral("no map of values");
    }

    void whatCannotBeReadIsSaid()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QString, words);
        const ValuesFile file = differenceOf(before, after);
        QVERIFY2(file.problem.contains(words), qPrintable(file.problem));
        QVERIFY(file.differences.isEmpty());
    }

    void whatIsLeftOutIsSaidBesideTheRest()
    {
        const ValuesFile file = differenceOf("base: &b {x: 1}\nweb: {<<: *b, size: 1}\n",
                                             "base: &b {x: 1}\nweb: {<<: *b, size: 2}\n");
        QCOMPARE(linesOf(file), QStringList{QString::fromUtf8("web.size: 1 → 2")});
        QVERIFY2(file.problem.contains(QStringLiteral("<<")), qPrintable(file.problem));
    }
};

QTEST_GUILESS_MAIN(TestValuesDifference)
#include "testvaluesdifference.moc"
