#include "packaging/stubs.h"

#include <QTest>

/// What packaging/run is told, and what it starts for it.
class OptionsTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<BuiltCheckout> m_checkout;

    [[nodiscard]] Ended run(const QStringList &arguments) const
    {
        return m_checkout->run(m_checkout->script(), arguments);
    }
    void endAtOnce() const { m_checkout->write("build/bin/pilothouse.end", "0"); }

private Q_SLOTS:
    void init()
    {
        m_checkout = std::make_unique<BuiltCheckout>();
        m_checkout->write("mine/pilothouse.yaml", "pilothouse: 1\n");
    }

    void aWrongCallIsRefusedInOneSentenceBeforeAnythingIsDone_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("sentence");
        const QString workspace = QStringLiteral("--workspace");
        const QString mine = QStringLiteral("mine/pilothouse.yaml");
        const QString readOnly = QStringLiteral("--read-only");
        const QString tour = QStringLiteral("--tour");
        const QString drill = QStringLiteral("--drill");
        const QString usage = QStringLiteral("Usage: packaging/run [--workspace FILE]");
        const QString alone = QStringLiteral("The tour plays on its own rehearsal");
        const QString acted = QStringLiteral("The drill is a rehearsal that can be acted upon");
        const auto row = [](const char *name, const QStringList &arguments, const QString &said) {
            QTest::newRow(name) << arguments << said;
        };
        row("no such option", {QStringLiteral("--frobnicate")}, usage);
        row("a file without its option", {mine}, usage);
        row("no file", {workspace}, usage);
        row("an empty file", {workspace, QString()}, usage);
        row("a file that is not there", {workspace, QStringLiteral("mine/nowhere.yaml")},
            QStringLiteral("The workspace file mine/nowhere.yaml cannot be read."));
        row("the tour of a workspace", {tour, workspace, mine}, alone);
        row("a workspace's tour", {workspace, mine, tour}, alone);
        row("a read-only tour", {readOnly, tour}, alone);
        row("a read-only tour in a folder", {tour, QStringLiteral("pictures"), readOnly}, alone);
        row("a drill on a workspace", {drill, workspace, mine}, acted);
        row("a workspace's drill", {workspace, mine, drill}, acted);
        row("a read-only drill", {drill, readOnly}, acted);
        row("a drill and a tour", {drill, tour}, acted);
        row("a tour and a drill", {tour, drill}, acted);
    }
    void aWrongCallIsRefusedInOneSentenceBeforeAnythingIsDone()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, sentence);
        const Ended ended = run(arguments);
        QCOMPARE(ended.code, 2);
        QVERIFY2(ended.err.startsWith("pilothouse: " + sentence.toUtf8()), ended.err.constData());
        QCOMPARE(ended.err.count('\n'), 1);
        QCOMPARE(ended.out, QByteArray());
        QVERIFY(!m_checkout->wasSetUp());
    }

    void withoutADisplayWhatNeedsOneIsRefused_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("a workspace")
            << QStringList{QStringLiteral("--workspace"), QStringLiteral("mine/pilothouse.yaml")};
        QTest::newRow("the drill") << QStringList{QStringLiteral("--drill")};
    }
    void withoutADisplayWhatNeedsOneIsRefused()
    {
        QFETCH(QStringList, arguments);
        m_checkout->environment.remove(QStringLiteral("DISPLAY"));
        const Ended ended = run(arguments);
        QCOMPARE(ended.code, 2);
        QCOMPARE(ended.err, QByteArray("pilothouse: There is no display, and this needs one: start "
                                       "this in a desktop session.\n"));
        QVERIFY(!m_checkout->wasSetUp());
    }

    void withoutADisplayTheTourIsRun()
    {
        m_checkout->environment.remove(QStringLiteral("DISPLAY"));
        const Ended ended = run({});
        QCOMPARE(ended.code, 0);
        QVERIFY2(ended.err.startsWith("pilothouse: there is no display, so the tour is run"),
                 ended.err.constData());
        QCOMPARE(ended.out,
                 "tour --dir " + m_checkout->path("build/tour").toUtf8() + " offscreen\n");
    }

    void theTourGoesToTheFolderThatIsNamed()
    {
        const Ended ended = run({QStringLiteral("--tour"), QStringLiteral("mine/../pictures")});
        QCOMPARE(ended.code, 0);
        QCOMPARE(ended.out, "tour --dir " + m_checkout->path("pictures").toUtf8() + " offscreen\n");
        QVERIFY(QFileInfo(m_checkout->path("pictures")).isDir());
        QVERIFY(
            m_checkout->lines("bin/ninja.arguments").contains(QLatin1String("pilothouse-tour")));
    }

    void aWorkspaceOfOnesOwnIsOpenedWithoutASandbox()
    {
        endAtOnce();
        const Ended ended
            = run({QStringLiteral("--workspace"), QStringLiteral("mine/../mine/pilothouse.yaml"),
                   QStringLiteral("--read-only")});
        QVERIFY2(ended.code == 0, ended.err.constData());
        QVERIFY(m_checkout->wasSetUp());
        QCOMPARE(
            m_checkout->lines("build/bin/pilothouse.arguments"),
            (QStringList{m_checkout->path("mine/pilothouse.yaml"), QStringLiteral("--read-only")}));
        QVERIFY(!QFile::exists(m_checkout->path("build/bin/pilothouse-sandbox.pid")));
        const QStringList built = m_checkout->lines("bin/ninja.arguments");
        QVERIFY(built.contains(QLatin1String("pilothouse")));
        QVERIFY(!built.contains(QLatin1String("pilothouse-sandbox")));
    }

    void theRehearsalsConsoleGetsItsWorkspaceAndTheOptions_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("console");
        QTest::addColumn<QStringList>("sandbox");
        QTest::newRow("no option") << QStringList() << QStringList() << QStringList();
        QTest::newRow("read-only") << QStringList{QStringLiteral("--read-only")}
                                   << QStringList{QStringLiteral("--read-only")} << QStringList();
        QTest::newRow("the drill")
            << QStringList{QStringLiteral("--drill")} << QStringList{QStringLiteral("--oncall")}
            << QStringList{QStringLiteral("--start-at"), QStringLiteral("11")};
    }
    void theRehearsalsConsoleGetsItsWorkspaceAndTheOptions()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QStringList, console);
        QFETCH(QStringList, sandbox);
        endAtOnce();
        const Ended ended = run(arguments);
        QVERIFY2(ended.code == 0, ended.err.constData());
        const QStringList world = m_checkout->lines("build/bin/pilothouse-sandbox.arguments");
        QCOMPARE(world.mid(0, 3),
                 (QStringList{QStringLiteral("--scenario"), QStringLiteral("good-then-bad"),
                              QStringLiteral("--dir")}));
        QCOMPARE(world.mid(4), sandbox);
        const QString workspace = world.value(3) + QStringLiteral("/pilothouse.yaml");
        QCOMPARE(m_checkout->lines("build/bin/pilothouse.arguments"),
                 QStringList{workspace} + console);
        QCOMPARE(ended.out, "cli journal --workspace " + workspace.toUtf8() + " --incidents\n");
    }
};

QTEST_GUILESS_MAIN(OptionsTest)
#include "optionstest.moc"
