#include "support/places.h"

#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <algorithm>

namespace {

/// What each folder under src/ may include of the others, as the design's table says. A folder may
/// always include itself and "base".
const QMap<QString, QStringList> &table()
{
    static const QMap<QString, QStringList> all = {
        {QStringLiteral("base"), {}},
        {QStringLiteral("document"), {}},
        {QStringLiteral("repository"), {}},
        {QStringLiteral("journal"), {}},
        {QStringLiteral("action"),
         {QStringLiteral("journal"), QStringLiteral("document"), QStringLiteral("repository")}},
        {QStringLiteral("pipeline"),
         {QStringLiteral("action"), QStringLiteral("journal"), QStringLiteral("document"),
          QStringLiteral("repository")}},
        {QStringLiteral("logs"),
         {QStringLiteral("action"), QStringLiteral("journal"), QStringLiteral("document"),
          QStringLiteral("repository")}},
        {QStringLiteral("rollout"),
         {QStringLiteral("action"), QStringLiteral("journal"), QStringLiteral("document"),
          QStringLiteral("repository")}},
        {QStringLiteral("migration"),
         {QStringLiteral("action"), QStringLiteral("journal"), QStringLiteral("document"),
          QStringLiteral("repository")}},
        {QStringLiteral("release"),
         {QStringLiteral("action"), QStringLiteral("journal"), QStringLiteral("document"),
          QStringLiteral("repository"), QStringLiteral("pipeline"), QStringLiteral("logs"),
          QStringLiteral("rollout"), QStringLiteral("migration")}},
        {QStringLiteral("workspace"),
         {QStringLiteral("action"), QStringLiteral("journal"), QStringLiteral("document"),
          QStringLiteral("repository"), QStringLiteral("pipeline"), QStringLiteral("logs"),
          QStringLiteral("rollout"), QStringLiteral("migration"), QStringLiteral("release")}},
    };
    return all;
}

/// Whose ports each connector answers, and what it may use beside "base", "repository" and
/// connectors/http.
const QMap<QString, QStringList> &portsOfConnectors()
{
    static const QMap<QString, QStringList> all = {
        {QStringLiteral("alertmanager"), {QStringLiteral("rollout")}},
        {QStringLiteral("cloudbuild"),
         {QStringLiteral("pipeline"), QStringLiteral("logs"), QStringLiteral("action")}},
        {QStringLiteral("cloudrun"), {QStringLiteral("rollout"), QStringLiteral("action")}},
        {QStringLiteral("git"), {}},
        {QStringLiteral("github"),
         {QStringLiteral("pipeline"), QStringLiteral("logs"), QStringLiteral("release"),
          QStringLiteral("action")}},
        {QStringLiteral("http"), {}},
        {QStringLiteral("kubernetes"),
         {QStringLiteral("rollout"), QStringLiteral("logs"), QStringLiteral("release"),
          QStringLiteral("action"), QStringLiteral("document")}},
        {QStringLiteral("notify"), {QStringLiteral("release")}},
        {QStringLiteral("postgres"), {QStringLiteral("migration")}},
        {QStringLiteral("prometheus"), {QStringLiteral("rollout")}},
        {QStringLiteral("secrets"), {}},
    };
    return all;
}

/// The modules of Qt that a folder under src/ may link beside Qt6::Core; it may be a part of one.
QStringList modulesOf(const QString &folder)
{
    static const QMap<QString, QStringList> all = {
        {QStringLiteral("src/journal"), {QStringLiteral("Sql")}},
        {QStringLiteral("src/connectors/git"), {QStringLiteral("Concurrent")}},
        {QStringLiteral("src/connectors/http"),
         {QStringLiteral("Network"), QStringLiteral("Concurrent")}},
        {QStringLiteral("src/connectors/notify"),
         {QStringLiteral("DBus"), QStringLiteral("Concurrent")}},
        {QStringLiteral("src/connectors/postgres"),
         {QStringLiteral("Sql"), QStringLiteral("Concurrent")}},
    };
    for (auto it = all.cbegin(); it != all.cend(); ++it) {
        if (folder == it.key() || folder.startsWith(it.key() + QLatin1Char('/')))
            return it.value();
    }
    return {};
}

struct Include
{
    QString file; ///< from the top
    int line = 0;
    QString target;
    bool angled = false;
};

QString top()
{
    return QStringLiteral(PILOTHOUSE_SOURCE_DIR);
}

QStringList sources(const QString &folder)
{
    QStringList files;
    QDirIterator it(top() + QLatin1Char('/') + folder,
                    {QStringLiteral("*.h"), QStringLiteral("*.cpp")}, QDir::Files,
                    QDirIterator::Subdirectories);
    while (it.hasNext())
        files << it.next().mid(top().size() + 1);
    files.sort();
    return files;
}

QStringList linesOf(const QString &file)
{
    QFile in(top() + QLatin1Char('/') + file);
    if (!in.open(QIODevice::ReadOnly))
        return {};
    return QString::fromUtf8(in.readAll()).split(QLatin1Char('\n'));
}

QList<Include> includes(const QString &folder)
{
    static const QRegularExpression form(QStringLiteral("^\\s*#include\\s+([\"<])([^\">]+)[\">]"));
    QList<Include> all;
    for (const QString &file : sources(folder)) {
        const QStringList lines = linesOf(file);
        for (qsizetype i = 0; i < lines.size(); ++i) {
            const auto match = form.match(lines[i]);
            if (match.hasMatch())
                all << Include{file, int(i) + 1, match.captured(2),
                               match.captured(1) == QLatin1String("<")};
        }
    }
    return all;
}

/// "src/rollout/step.h" → "rollout"; "src/connectors/github/…" → "connectors/github".
QString roomOf(const QString &path)
{
    const QStringList parts = path.split(QLatin1Char('/'));
    if (parts.value(0) == QLatin1String("connectors"))
        return parts.value(0) + QLatin1Char('/') + parts.value(1);
    return parts.value(0);
}

QString place(const Include &include)
{
    return QStringLiteral("%1:%2 includes %3")
        .arg(include.file)
        .arg(include.line)
        .arg(include.target);
}

} // namespace

class TestLayers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRoomUnderSrcIsInTheTable()
    {
        QStringList unknown;
        for (const QString &file : sources(QStringLiteral("src"))) {
            const QString room = roomOf(file.mid(4));
            if (!room.startsWith(QLatin1String("connectors/")) && !table().contains(room))
                unknown << file;
        }
        QCOMPARE(unknown, QStringList());
    }

    void subjectsKnowOnlyWhatTheTableAllows()
    {
        QStringList wrong;
        for (const Include &include : includes(QStringLiteral("src"))) {
            const QString room = roomOf(include.file.mid(4));
            if (include.angled || room.startsWith(QLatin1String("connectors/")))
                continue;
            const QString target = roomOf(include.target);
            if (target != room && target != QLatin1String("base")
                && !table().value(room).contains(target))
                wrong << place(include);
        }
        QCOMPARE(wrong, QStringList());
    }

    void connectorsKnowNoWorkspaceAndNoOtherConnector()
    {
        QStringList wrong;
        for (const Include &include : includes(QStringLiteral("src/connectors"))) {
            if (include.angled)
                continue;
            const QString room = roomOf(include.file.mid(4));
            const QString target = roomOf(include.target);
            const bool foreign = target.startsWith(QLatin1String("connectors/")) && target != room
                                 && target != QLatin1String("connectors/http");
            const bool above = target == QLatin1String("workspace") || target == QLatin1String("ui")
                               || target == QLatin1String("app");
            if (foreign || above)
                wrong << place(include);
        }
        QCOMPARE(wrong, QStringList());
    }

    void connectorsKnowOnlyTheSubjectsWhosePortsTheyAnswer()
    {
        QStringList wrong;
        QSet<QString> used;
        for (const Include &include : includes(QStringLiteral("src/connectors"))) {
            if (include.angled)
                continue;
            const QString connector = include.file.section(QLatin1Char('/'), 2, 2);
            const QString target = roomOf(include.target);
            const QStringList ports = portsOfConnectors().value(connector);
            used << connector + QLatin1Char(' ') + target;
            if (!target.startsWith(QLatin1String("connectors/")) && target != QLatin1String("base")
                && target != QLatin1String("repository") && !ports.contains(target))
                wrong << place(include);
        }
        QCOMPARE(wrong, QStringList());
        // What nobody needs any more may not stay allowed.
        for (auto it = portsOfConnectors().cbegin(); it != portsOfConnectors().cend(); ++it) {
            for (const QString &subject : it.value())
                QVERIFY2(used.contains(it.key() + QLatin1Char(' ') + subject),
                         qPrintable(it.key() + QLatin1Char(' ') + subject));
        }
    }

    void whatDecidesOrTalksLinksQtCoreOnly()
    {
        static const QRegularExpression module(QStringLiteral("Qt6::(\\w+)"));
        QStringList wrong;
        int seen = 0;
        QDirIterator it(top() + QStringLiteral("/src"), {QStringLiteral("CMakeLists.txt")},
                        QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext()) {
            const QString file = it.next().mid(top().size() + 1);
            const QStringList may = modulesOf(file.section(QLatin1Char('/'), 0, -2));
            auto match = module.globalMatch(linesOf(file).join(QLatin1Char('\n')));
            while (match.hasNext()) {
                const QString linked = match.next().captured(1);
                ++seen;
                if (linked != QLatin1String("Core") && !may.contains(linked))
                    wrong << file + QStringLiteral(" links Qt6::") + linked;
            }
        }
        QCOMPARE(wrong, QStringList());
        QVERIFY(seen > 10);
    }

    void noWidgetAndNoGuiTypeIsKnownUnderSrc()
    {
        static const QRegularExpression gui(QStringLiteral(
            "^(QtWidgets|QtGui|QtCharts|QWidget|QMainWindow|QDialog|QMessageBox|QApplication|"
            "QGuiApplication|QGraphics|QChart|QColor|QIcon|QPixmap|QImage|QFont|QPainter)"));
        QStringList wrong;
        for (const Include &include : includes(QStringLiteral("src"))) {
            if (include.angled && gui.match(include.target).hasMatch())
                wrong << place(include);
        }
        QCOMPARE(wrong, QStringList());
    }

    void networkTypesStayInTheHttpConnector()
    {
        QStringList wrong;
        for (const QString &folder : {QStringLiteral("src"), QStringLiteral("ui")}) {
            for (const Include &include : includes(folder)) {
                if (include.angled && include.target.startsWith(QLatin1String("QNetwork"))
                    && !include.file.startsWith(QLatin1String("src/connectors/http/")))
                    wrong << place(include);
            }
        }
        QCOMPARE(wrong, QStringList());
    }

    void uiKnowsNoConnectorAndNoApp()
    {
        QStringList wrong;
        for (const Include &include : includes(QStringLiteral("ui"))) {
            if (!include.angled
                && (include.target.startsWith(QLatin1String("connectors/"))
                    || include.target.startsWith(QLatin1String("app/"))))
                wrong << place(include);
        }
        QCOMPARE(wrong, QStringList());
    }

    void theSandboxSharesNoCodeWithTheConsole()
    {
        QStringList wrong;
        for (const Include &include : includes(QStringLiteral("app/sandbox"))) {
            const bool own = include.target.startsWith(QLatin1String("app/sandbox/"));
            if (!include.angled && !own && roomOf(include.target) != QLatin1String("base"))
                wrong << place(include);
        }
        QCOMPARE(wrong, QStringList());
    }

    void nothingOutsideAppKnowsTheSandbox()
    {
        // Not even by name: the rehearsal is a workspace like any other.
        QStringList wrong;
        for (const QString &folder : {QStringLiteral("src"), QStringLiteral("ui")}) {
            for (const QString &file : sources(folder)) {
                if (linesOf(file)
                        .join(QLatin1Char('\n'))
                        .contains(QLatin1String("sandbox"), Qt::CaseInsensitive))
                    wrong << file;
            }
        }
        QCOMPARE(wrong, QStringList());
    }

    void theFirstWindowKnowsNothingButTheTheme()
    {
        // It is there before the rest of the program is loaded.
        QStringList wrong;
        for (const Include &include : includes(QStringLiteral("ui/frame"))) {
            if (!include.angled && !include.target.startsWith(QLatin1String("ui/frame/"))
                && include.target != QLatin1String("ui/widgets/theme.h")
                && include.target != QLatin1String("ui/widgets/spacing.h"))
                wrong << place(include);
        }
        QCOMPARE(wrong, QStringList());
    }

    void answersGoToWhoeverIsStillThere()
    {
        // QFuture::then with a context asserts in Qt 6.4 when that is gone: base/whendone.h does
        // not. Without one there is nobody to be gone.
        static const QRegularExpression withContext(QStringLiteral("\\.then\\((?!\\[)"));
        QStringList wrong;
        for (const QString &folder :
             {QStringLiteral("src"), QStringLiteral("ui"), QStringLiteral("app/wiring"),
              QStringLiteral("app/console"), QStringLiteral("app/cli")}) {
            for (const QString &file : sources(folder)) {
                if (linesOf(file).join(QLatin1Char('\n')).contains(withContext))
                    wrong << file;
            }
        }
        QCOMPARE(wrong, QStringList());
    }

    void filesAreSmallEnoughToKnow()
    {
        QList<int> sizes;
        QStringList tooLong;
        for (const QString &folder :
             {QStringLiteral("src"), QStringLiteral("ui"), QStringLiteral("app")}) {
            for (const QString &file : sources(folder)) {
                const int size = int(linesOf(file).size()) - 1;
                sizes << size;
                if (size > 500)
                    tooLong << QStringLiteral("%1: %2 lines").arg(file).arg(size);
            }
        }
        QCOMPARE(tooLong, QStringList());
        std::sort(sizes.begin(), sizes.end());
        const int median = sizes[sizes.size() / 2];
        const int ninetieth = sizes[sizes.size() * 9 / 10];
        qInfo("%lld files, median %d lines, 90 %% within %d", qlonglong(sizes.size()), median,
              ninetieth);
        QVERIFY2(median <= 120, qPrintable(QString::number(median)));
        QVERIFY2(ninetieth <= 300, qPrintable(QString::number(ninetieth)));
    }

    void foldersHaveAtMostFourteenUnits()
    {
        QMap<QString, QSet<QString>> units;
        for (const QString &folder :
             {QStringLiteral("src"), QStringLiteral("ui"), QStringLiteral("app")}) {
            for (const QString &file : sources(folder)) {
                const QFileInfo info(file);
                units[info.path()].insert(info.completeBaseName());
            }
        }
        QStringList tooFull;
        for (auto it = units.cbegin(); it != units.cend(); ++it) {
            if (it->size() > 14)
                tooFull << QStringLiteral("%1: %2 units").arg(it.key()).arg(it->size());
        }
        QCOMPARE(tooFull, QStringList());
    }

    void thereAreEnoughTests()
    {
        qint64 source = 0;
        for (const QString &folder : {QStringLiteral("src"), QStringLiteral("ui")}) {
            for (const QString &file : sources(folder))
                source += linesOf(file).size();
        }
        qint64 tests = 0;
        for (const QString &file : sources(QStringLiteral("tests")))
            tests += linesOf(file).size();
        qInfo("%lld lines of tests for %lld lines under src and ui: %.2f", tests, source,
              double(tests) / double(source));
        QVERIFY(double(tests) >= 0.6 * double(source));
    }
};

QTEST_GUILESS_MAIN(TestLayers)
#include "testlayers.moc"
