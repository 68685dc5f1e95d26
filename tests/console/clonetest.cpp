#include "app/console/opener.h"
#include "support/places.h"
#include "ui/frame/framewindow.h"
#include "ui/pipeline/graphview.h"
#include "ui/shell/mainwindow.h"
#include "ui/widgets/stateview.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QProcess>
#include <QPushButton>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include <functional>

using namespace pilothouse;

namespace {

/// Does this with the next dialog that comes up.
template <typename Dialog>
void answerNext(QObject &context, const std::function<void(Dialog &)> &answer)
{
    auto *look = new QTimer(&context);
    QObject::connect(look, &QTimer::timeout, look, [look, answer] {
        auto *dialog = qobject_cast<Dialog *>(QApplication::activeModalWidget());
        if (!dialog)
            return;
        look->deleteLater();
        look->stop();
        answer(*dialog);
    });
    look->start(20);
}

NodeId job(const char *name)
{
    return NodeId(QStringLiteral(".github/workflows/ci.yml#") + QLatin1String(name));
}

template <typename Widget>
Widget *shown(const char *name)
{
    for (QWidget *widget : QApplication::allWidgets()) {
        if (widget->objectName() == QLatin1String(name) && widget->isVisible())
            return qobject_cast<Widget *>(widget);
    }
    return nullptr;
}

/// Whether what is said in place of a page's content has these words.
bool tells(const QString &words)
{
    for (const QWidget *widget : QApplication::allWidgets()) {
        const auto *view = qobject_cast<const StateView *>(widget);
        if (!view || !view->isVisible())
            continue;
        for (const QLabel *label : view->findChildren<QLabel *>()) {
            if (label->text().contains(words))
                return true;
        }
    }
    return false;
}

} // namespace

/// From a clone on this machine to its graph in the real window, with nothing else beside it.
class CloneTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Opener> m_opener;

    [[nodiscard]] QString path(const QString &name) const { return m_dir->filePath(name); }
    void write(const QString &name, const QByteArray &text) const
    {
        QVERIFY(QDir().mkpath(QFileInfo(path(name)).path()));
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }
    [[nodiscard]] QByteArray read(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void git(const QStringList &arguments) const
    {
        QProcess program;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("HOME"), m_dir->path());
        environment.insert(QStringLiteral("GIT_CONFIG_NOSYSTEM"), QStringLiteral("1"));
        program.setProcessEnvironment(environment);
        program.setWorkingDirectory(m_dir->path());
        program.start(QStringLiteral("git"),
                      QStringList{QStringLiteral("-c"), QStringLiteral("user.name=A. Muster"),
                                  QStringLiteral("-c"), QStringLiteral("user.email=a@b.example")}
                          + arguments);
        QVERIFY(program.waitForFinished());
        QVERIFY2(program.exitCode() == 0, program.readAllStandardError().constData());
    }
    /// A clone of a repository with two workflow files, one of which calls the other.
    void clone(const QString &name) const
    {
        const QString host = QStringLiteral("host");
        git({QStringLiteral("init"), QStringLiteral("--quiet"), host});
        write(QStringLiteral("host/.github/workflows/ci.yml"),
              "name: CI\non: push\njobs:\n"
              "  build:\n    runs-on: ubuntu-latest\n    steps: [{run: make}]\n"
              "  checks:\n    needs: build\n    uses: ./.github/workflows/checks.yml\n"
              "  publish:\n    needs: checks\n    runs-on: ubuntu-latest\n    steps: [{run: a}]\n");
        write(QStringLiteral("host/.github/workflows/checks.yml"),
              "name: Checks\non: workflow_call\njobs:\n"
              "  unit:\n    runs-on: ubuntu-latest\n    steps: [{run: a}]\n"
              "  lint:\n    runs-on: ubuntu-latest\n    steps: [{run: a}]\n");
        commitAndClone(host, name);
    }
    void commitAndClone(const QString &host, const QString &name) const
    {
        git({QStringLiteral("-C"), host, QStringLiteral("add"), QStringLiteral(".")});
        git({QStringLiteral("-C"), host, QStringLiteral("commit"), QStringLiteral("--quiet"),
             QStringLiteral("-m"), QStringLiteral("start")});
        git({QStringLiteral("clone"), QStringLiteral("--quiet"), host, name});
    }
    /// A clone with the workflow files of whole repositories, as people write them: services,
    /// matrices, permissions, scripts of many lines. Answers the path and key of every job.
    QStringList cloneOfWholeFiles(const QString &name) const
    {
        const QString host = QStringLiteral("host");
        git({QStringLiteral("init"), QStringLiteral("--quiet"), host});
        QStringList jobs;
        const QList<QPair<QString, QString>> folders{
            {QStringLiteral("tests/pipeline/doctor/clean"), QString()},
            {QStringLiteral("tests/pipeline/doctor/adr"), QStringLiteral("adr-")},
            {QStringLiteral("app/sandbox/parts/tree/01-service/.github/workflows"), QString()},
            {QStringLiteral("app/sandbox/parts/tree/02-helm/.github/workflows"), QString()},
            {QStringLiteral("app/sandbox/parts/tree/03-coditect/.github/workflows"), QString()},
        };
        for (const auto &[folder, prefix] : folders) {
            const QDir from(QStringLiteral(PILOTHOUSE_SOURCE_DIR "/") + folder);
            for (const QString &file : from.entryList({QStringLiteral("*.yml")}, QDir::Files)) {
                const QString to = QStringLiteral(".github/workflows/") + prefix + file;
                QFile source(from.filePath(file));
                if (!source.open(QIODevice::ReadOnly))
                    return {};
                const QByteArray text = source.readAll();
                write(host + QLatin1Char('/') + to, text);
                for (const QString &key : keysOfJobs(QString::fromUtf8(text)))
                    jobs.append(to + QLatin1Char('#') + key);
            }
        }
        commitAndClone(host, name);
        return jobs;
    }
    /// In these files a job is a line of two blanks, its key and a colon, below "jobs:".
    static QStringList keysOfJobs(const QString &text)
    {
        static const QRegularExpression form(QStringLiteral("^  ([\\w-]+):$"));
        QStringList keys;
        bool isBelow = false;
        for (const QString &line : text.split(QLatin1Char('\n'))) {
            if (!line.isEmpty() && line[0] != QLatin1Char(' '))
                isBelow = line == QLatin1String("jobs:");
            if (const auto match = form.match(line); isBelow && match.hasMatch())
                keys.append(match.captured(1));
        }
        return keys;
    }
    /// The start page's button, and a folder typed into the dialog that it opens.
    void makeFrom(const QString &folder)
    {
        m_opener->showStart();
        answerNext<QFileDialog>(*m_opener, [folder](QFileDialog &dialog) {
            auto *name = dialog.findChild<QLineEdit *>(QStringLiteral("fileNameEdit"));
            QVERIFY(name);
            name->setText(folder);
            QTest::keyClick(name, Qt::Key_Return);
        });
        auto *make = shown<QPushButton>("makeButton");
        QVERIFY(make);
        QTest::mouseClick(make, Qt::LeftButton);
    }
    /// The button beside what is said in place of a page's content.
    static void readAgain()
    {
        for (QWidget *widget : QApplication::allWidgets()) {
            auto *button = qobject_cast<QPushButton *>(widget);
            if (button && button->isVisible()
                && qobject_cast<StateView *>(button->parentWidget())) {
                QTest::mouseClick(button, Qt::LeftButton);
                return;
            }
        }
        QFAIL("nothing to press");
    }
    void theGraphIsDrawn() const
    {
        QTRY_VERIFY(shown<MainWindow>("mainWindow"));
        shown<MainWindow>("mainWindow")->showPage(Pages::Pipeline);
        QTRY_VERIFY(shown<GraphView>("graphView"));
        const GraphView &graph = *shown<GraphView>("graphView");
        QTRY_VERIFY(!graph.nodeRect(job("build")).isNull());
        QList<QRect> rects;
        for (const char *name : {"build", "checks/unit", "checks/lint", "publish"}) {
            const QRect rect = graph.nodeRect(job(name));
            QVERIFY2(!rect.isEmpty() && graph.viewport()->rect().contains(rect), name);
            for (const QRect &other : std::as_const(rects))
                QVERIFY2(!rect.intersects(other), name);
            rects.append(rect);
        }
        QVERIFY(rects[0].right() < rects[1].left() && rects[1].right() < rects[3].left());
        // The call is a frame around what it calls; no node stands for it.
        QVERIFY(graph.nodeRect(job("checks")).isNull());
        QVERIFY(!graph.frameHandle(FrameId(job("checks").value)).isNull());
    }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("pilothouse"));
        Theme::instance().apply(*qApp);
    }

    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        QVERIFY(m_dir->isValid());
        QSettings().clear();
        m_opener = std::make_unique<Opener>(Console::Options{}, nullptr);
    }

    void cleanup() { m_opener.reset(); }

    void aFileWrittenByHandBesideAClone()
    {
        clone(QStringLiteral("clone"));
        write(QStringLiteral("pilothouse.yaml"),
              "pilothouse: 1\nname: context\nrepository: {path: clone}\n"
              "pipelines: [.github/workflows/ci.yml, .github/workflows/checks.yml]\n");
        m_opener->open(path(QStringLiteral("pilothouse.yaml")));
        theGraphIsDrawn();
    }

    void everyJobOfWholeFilesHasItsNode()
    {
        const QStringList jobs = cloneOfWholeFiles(QStringLiteral("clone"));
        QVERIFY(!QTest::currentTestFailed());
        QVERIFY2(jobs.size() >= 40, qPrintable(jobs.join(QLatin1Char(' '))));
        write(QStringLiteral("pilothouse.yaml"),
              "pilothouse: 1\nname: context\nrepository: {path: clone}\n");
        m_opener->open(path(QStringLiteral("pilothouse.yaml")));
        QTRY_VERIFY(shown<MainWindow>("mainWindow"));
        shown<MainWindow>("mainWindow")->showPage(Pages::Pipeline);
        QTRY_VERIFY(shown<GraphView>("graphView"));
        const GraphView &graph = *shown<GraphView>("graphView");
        QTRY_VERIFY(!graph.nodeRect(NodeId(jobs.first())).isNull());
        QList<QRect> rects;
        for (const QString &key : jobs) {
            const QRect rect = graph.nodeRect(NodeId(key));
            QVERIFY2(!rect.isEmpty(), qPrintable(key));
            for (const QRect &other : std::as_const(rects))
                QVERIFY2(!rect.intersects(other), qPrintable(key));
            rects.append(rect);
        }
    }

    void aRepositoryThatCannotBeReadSaysWhyOnEveryPage()
    {
        QVERIFY(QDir(m_dir->path()).mkdir(QStringLiteral("folder")));
        write(QStringLiteral("pilothouse.yaml"),
              "pilothouse: 1\nname: context\n"
              "repository: {path: folder}\n"
              "pipelines: [.github/workflows/ci.yml]\n"
              "databases: {context: {service: none, changes: migrations/changes}}\n");
        m_opener->open(path(QStringLiteral("pilothouse.yaml")));
        QTRY_VERIFY(shown<QToolButton>("chip-Git copy"));
        QTRY_COMPARE(shown<QToolButton>("chip-Git copy")->text(), QStringLiteral("Git copy lost"));
        QTRY_COMPARE(shown<QLabel>("subjectLabel")->text(),
                     QStringLiteral("No release to show: the repository cannot be read"));
        QTRY_COMPARE(shown<QToolButton>("chip-PostgreSQL")->text(),
                     QStringLiteral("PostgreSQL lost"));
        const QString folder = path(QStringLiteral("folder"));
        QTRY_VERIFY(tells(folder));
        shown<MainWindow>("mainWindow")->showPage(Pages::Pipeline);
        QTRY_VERIFY(tells(folder));
        // A repository without a commit is another sentence, and the first commit ends it.
        git({QStringLiteral("init"), QStringLiteral("--quiet"), QStringLiteral("folder")});
        readAgain();
        QTRY_VERIFY(tells(QStringLiteral("no commits yet")));
        write(QStringLiteral("folder/.github/workflows/ci.yml"),
              "on: push\njobs:\n  build:\n    runs-on: x\n    steps: [{run: make}]\n");
        const QString in = QStringLiteral("-C");
        git({in, QStringLiteral("folder"), QStringLiteral("add"), QStringLiteral(".")});
        git({in, QStringLiteral("folder"), QStringLiteral("commit"), QStringLiteral("--quiet"),
             QStringLiteral("-m"), QStringLiteral("start")});
        readAgain();
        QTRY_VERIFY(shown<GraphView>("graphView")
                    && !shown<GraphView>("graphView")->nodeRect(job("build")).isNull());
        QVERIFY(shown<QToolButton>("chip-Git copy")->text() != QLatin1String("Git copy lost"));
    }

    void oneIsMadeFromAClone_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("as most are called") << QStringLiteral("context");
        QTest::newRow("with what YAML reads otherwise") << QStringLiteral("it's: #2");
    }
    void oneIsMadeFromAClone()
    {
        QFETCH(QString, name);
        clone(name);
        makeFrom(path(name));
        const QString made = path(name + QStringLiteral("/pilothouse.yaml"));
        QVERIFY(QFile::exists(made));
        QVERIFY(!shown<QWidget>("startWindow"));
        theGraphIsDrawn();
        QVERIFY(!QTest::currentTestFailed());
        QVERIFY(shown<MainWindow>("mainWindow")->window()->windowTitle().contains(name));
        QTRY_COMPARE(QSettings().value(QStringLiteral("recent")).toStringList(), QStringList{made});
    }

    void theOneAroundTheCurrentFolderIsDrawnInOnePress()
    {
        clone(QStringLiteral("clone"));
        const auto back = qScopeGuard([before = QDir::currentPath()] { QDir::setCurrent(before); });
        QVERIFY(QDir::setCurrent(path(QStringLiteral("clone/.github"))));
        m_opener->showStart();
        QTRY_VERIFY(shown<QPushButton>("cloneButton"));
        QTest::mouseClick(shown<QPushButton>("cloneButton"), Qt::LeftButton);
        theGraphIsDrawn();
        QVERIFY(QFile::exists(path(QStringLiteral("clone/pilothouse.yaml"))));
    }

    void aFileThatIsThereIsOpenedAsItIs()
    {
        clone(QStringLiteral("clone"));
        const QByteArray mine = "pilothouse: 1\nname: mine\nrepository: {path: .}\n";
        write(QStringLiteral("clone/pilothouse.yaml"), mine);
        makeFrom(path(QStringLiteral("clone")));
        theGraphIsDrawn();
        QCOMPARE(read(QStringLiteral("clone/pilothouse.yaml")), mine);
    }

    void aFolderThatIsNoCloneIsRefused()
    {
        QVERIFY(QDir(m_dir->path()).mkdir(QStringLiteral("folder")));
        const QString folder = path(QStringLiteral("folder"));
        QString said;
        const auto close = [this, &said] {
            answerNext<QMessageBox>(*m_opener, [&said](QMessageBox &box) {
                said = box.text();
                box.reject();
            });
        };
        QTimer::singleShot(0, m_opener.get(), close);
        makeFrom(folder);
        QCOMPARE(said, QStringLiteral("“%1” is not a Git clone: it has no .git. Choose the folder "
                                      "of a clone.")
                           .arg(folder));
        QVERIFY(QDir(folder).isEmpty());
        QVERIFY(shown<QWidget>("startWindow"));
        QVERIFY(!shown<MainWindow>("mainWindow"));
    }

    void whoChoosesNoFolderStaysOnThePage()
    {
        m_opener->showStart();
        answerNext<QFileDialog>(
            *m_opener, [](QFileDialog &dialog) { QTest::keyClick(&dialog, Qt::Key_Escape); });
        QTest::mouseClick(shown<QPushButton>("makeButton"), Qt::LeftButton);
        QVERIFY(shown<QWidget>("startWindow"));
        QVERIFY(!shown<MainWindow>("mainWindow"));
    }
};

QTEST_MAIN(CloneTest)
#include "clonetest.moc"
