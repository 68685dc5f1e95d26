#include "support/places.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

namespace {

QString read(const QString &file)
{
    QFile in(QStringLiteral(PILOTHOUSE_SOURCE_DIR "/") + file);
    return in.open(QIODevice::ReadOnly) ? QString::fromUtf8(in.readAll()) : QString();
}

QStringList foldersIn(const QString &folder)
{
    return QDir(QStringLiteral(PILOTHOUSE_SOURCE_DIR "/") + folder)
        .entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
}

/// The folders of the README's tree, each with what is said of it.
QMap<QString, QString> tree()
{
    static const QRegularExpression row(QStringLiteral("^\\| `([a-z/]+?)/?` \\| (.+) \\|$"),
                                        QRegularExpression::MultilineOption);
    const QString readme = read(QStringLiteral("README.md"));
    const QString part = readme.mid(readme.indexOf(QLatin1String("\n## The tree\n")));
    QMap<QString, QString> rows;
    for (auto it = row.globalMatch(part); it.hasNext();) {
        const auto match = it.next();
        rows.insert(match.captured(1), match.captured(2));
    }
    return rows;
}

} // namespace

/// The README names what is there.
class TestTree final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTreeOfTheReadmeIsThatOfTheFolders()
    {
        QStringList folders{QStringLiteral("packaging"), QStringLiteral("resources"),
                            QStringLiteral("tests"), QStringLiteral("ui")};
        for (const QString &above : {QStringLiteral("app"), QStringLiteral("src")}) {
            for (const QString &folder : foldersIn(above))
                folders << above + QLatin1Char('/') + folder;
        }
        folders.sort();
        QCOMPARE(tree().keys(), folders);
    }

    void everyConnectorIsNamedThere()
    {
        QStringList named
            = tree().value(QStringLiteral("src/connectors")).split(QStringLiteral(", "));
        named.sort();
        QCOMPARE(named, foldersIn(QStringLiteral("src/connectors")));
    }

    void everyBenchIsNamedThere()
    {
        static const QRegularExpression made(QStringLiteral("^pilothouse_bench\\((\\w+)"),
                                             QRegularExpression::MultilineOption);
        static const QRegularExpression called(QStringLiteral("`packaging/bench ([a-z ]+)"));
        QStringList benches;
        for (auto it = made.globalMatch(read(QStringLiteral("tests/bench/CMakeLists.txt")));
             it.hasNext();)
            benches << it.next().captured(1);
        QStringList named;
        for (auto it = called.globalMatch(read(QStringLiteral("README.md"))); it.hasNext();)
            named << it.next().captured(1).split(QLatin1Char(' '), Qt::SkipEmptyParts);
        benches.sort();
        named.sort();
        QCOMPARE(named, benches);
    }
};

QTEST_GUILESS_MAIN(TestTree)
#include "testtree.moc"
