#include "pipeline/doctor/examine.h"
#include "support/places.h"
#include "ui/pipeline/problemlist.h"
#include "ui/pipeline/problemmodel.h"
#include "ui/widgets/pillstrip.h"
#include "ui/widgets/stateview.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QFile>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace pilothouse;

namespace {

Finding finding(const char *rule, Finding::Severity severity, int line, const char *job = "deploy")
{
    return {QString::fromLatin1(rule),
            severity,
            QStringLiteral(".github/workflows/deploy.yml"),
            {line, 5},
            QString::fromLatin1(job),
            1,
            QStringLiteral("Job %1, line %2").arg(QString::fromLatin1(job)).arg(line),
            QStringLiteral("right: form %1\n").arg(line)};
}

QList<Finding> three()
{
    return {finding("PD-01", Finding::Severity::Blocks, 3),
            finding("PD-36", Finding::Severity::Risk, 9),
            finding("PD-08", Finding::Severity::Hygiene, 2, "build")};
}

/// What the doctor says of the ADR's workflows, for the pictures.
QList<Finding> adrFindings()
{
    QList<Workflow> workflows;
    for (const char *name : {"ci.yml", "deploy-standalone.yml", "deploy-coditect.yml"}) {
        const QString path = QLatin1String(name);
        QFile file(QStringLiteral(PILOTHOUSE_SOURCE_DIR "/tests/pipeline/doctor/adr/") + path);
        if (file.open(QIODevice::ReadOnly))
            workflows.append(
                parseWorkflow({QStringLiteral(".github/workflows/") + path, file.readAll()}));
    }
    return examine(workflows);
}

} // namespace

class TestProblemList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void init()
    {
        m_list = std::make_unique<ProblemList>();
        m_list->resize(1000, 520);
        m_list->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_list.get()));
        m_table = m_list->findChild<QTableView *>(QStringLiteral("findingTable"));
        QVERIFY(m_table);
    }

    void cleanup() { m_list.reset(); }

    void withoutAFindingItSaysHowManyRulesLooked()
    {
        const auto *state = m_list->findChild<StateView *>();
        QVERIFY(state->isVisible());
        QCOMPARE(state->headline(),
                 QStringLiteral("No problem found by %1 rules").arg(doctorRules().size()));
        QVERIFY(!m_table->isVisible());
        m_list->setFindings(three());
        QVERIFY(m_table->isVisible());
        m_list->setFindings({});
        QVERIFY(state->isVisible());
    }

    void eachFindingIsARowInTheGivenOrder()
    {
        m_list->setFindings(three());
        QStringList rows;
        for (int row = 0; row < m_table->model()->rowCount(); ++row) {
            QStringList cells;
            for (int column = 0; column < ProblemModel::ColumnCount; ++column)
                cells.append(m_table->model()->index(row, column).data().toString());
            rows.append(cells.join(QStringLiteral(" | ")));
        }
        QCOMPARE(
            rows,
            (QStringList{QStringLiteral("blocks | PD-01 | deploy.yml:3:5 | Job deploy, line 3"),
                         QStringLiteral("risk | PD-36 | deploy.yml:9:5 | Job deploy, line 9"),
                         QStringLiteral("hygiene | PD-08 | deploy.yml:2:5 | Job build, line 2")}));
    }

    void aClickChoosesAFindingAndShowsItsRightForm()
    {
        m_list->setFindings(three());
        QSignalSpy chosen(m_list.get(), &ProblemList::chosen);
        click(1);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].value<Finding>(), three()[1]);
        QCOMPARE(code()->toPlainText(), QStringLiteral("right: form 9\n"));
        QVERIFY(code()->isVisible());
        QVERIFY(text("findingTitle").startsWith(QStringLiteral("PD-36 · ")));
        QCOMPARE(text("findingSentence"), QStringLiteral("deploy.yml:9:5: Job deploy, line 9"));
        QCOMPARE(text("findingExplanation"), doctorRule(QStringLiteral("PD-36"))->explanation);
    }

    void aPressOnTheChosenOneLeadsToItAgain()
    {
        m_list->setFindings(three());
        click(1);
        QSignalSpy chosen(m_list.get(), &ProblemList::chosen);
        click(1);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].value<Finding>(), three()[1]);
        QTest::keyClick(m_table, Qt::Key_Return);
        QCOMPARE(chosen.size(), 2);
    }

    void beforeAChoiceNoFormIsShown()
    {
        m_list->setFindings(three());
        QVERIFY(!code()->isVisible());
    }

    void theKeyboardGoesFromFindingToFinding()
    {
        m_list->setFindings(three());
        click(0);
        QSignalSpy chosen(m_list.get(), &ProblemList::chosen);
        QTest::keyClick(m_table, Qt::Key_Down);
        QTest::keyClick(m_table, Qt::Key_Down);
        QCOMPARE(chosen.size(), 2);
        QCOMPARE(chosen[1][0].value<Finding>().rule, QStringLiteral("PD-08"));
    }

    void aRefreshKeepsTheChoice()
    {
        m_list->setFindings(three());
        click(1);
        QSignalSpy chosen(m_list.get(), &ProblemList::chosen);
        QList<Finding> next = three();
        next.removeFirst();
        next[0].rightForm = QStringLiteral("right: newer\n");
        m_list->setFindings(next);
        QCOMPARE(m_table->currentIndex().row(), 0);
        QCOMPARE(code()->toPlainText(), QStringLiteral("right: newer\n"));
        QCOMPARE(chosen.size(), 0);
    }

    void whenTheChosenOneIsGoneNoOtherFormIsShownForIt()
    {
        m_list->setFindings({three()[0]});
        click(0);
        m_list->setFindings({});
        QVERIFY(!code()->isVisible());
        m_list->setFindings({three()[2]});
        QVERIFY(!code()->isVisible()
                || text("findingSentence").contains(QLatin1String("deploy.yml:2:5")));
    }

    void aJobOfTheGraphChoosesItsFirstFinding()
    {
        m_list->setFindings(three());
        QSignalSpy chosen(m_list.get(), &ProblemList::chosen);
        m_list->choose({three()[2]});
        QCOMPARE(m_table->currentIndex().row(), 2);
        m_list->choose({});
        m_list->choose({finding("PD-02", Finding::Severity::Risk, 4)});
        QCOMPARE(m_table->currentIndex().row(), 2);
        QCOMPARE(chosen.size(), 1);
        m_list->choose(three().first(2));
        QCOMPARE(m_table->currentIndex().row(), 0);
    }

    void whoReadsOneOfItsFindingsStaysThere()
    {
        m_list->setFindings(three());
        click(1);
        m_list->choose(three().first(2));
        QCOMPARE(m_table->currentIndex().row(), 1);
    }

    void theChosenRowIsInView()
    {
        m_list->setFindings(adrFindings());
        chooseDeployment();
        const QModelIndex current = m_table->currentIndex();
        QTRY_VERIFY(m_table->viewport()->rect().contains(m_table->visualRect(current)));
        QVERIFY(current.row() > 20);
    }

    void everyRightFormFitsWithoutScrolling()
    {
        QList<Finding> findings;
        for (const Rule &rule : doctorRules()) {
            findings.append(three()[0]);
            findings.last().rule = rule.id;
            findings.last().rightForm = rule.rightForm;
        }
        m_list->setFindings(findings);
        click(0);
        for (const Rule &rule : doctorRules()) {
            const auto lines = rule.rightForm.count(QLatin1Char('\n'));
            QVERIFY2(lines * code()->fontMetrics().lineSpacing() <= code()->viewport()->height(),
                     qPrintable(rule.id));
        }
    }

    void everySeverityHasAnIconAndAWordOfItsOwn()
    {
        using Severity = Finding::Severity;
        QSet<QString> words;
        QSet<QString> icons;
        for (const Severity severity :
             {Severity::Blocks, Severity::Risk, Severity::Gate, Severity::Hygiene}) {
            words.insert(lookOf(severity).word);
            icons.insert(lookOf(severity).icon);
            QVERIFY(QFile::exists(QStringLiteral(PILOTHOUSE_SOURCE_DIR "/resources/icons/%1.svg")
                                      .arg(lookOf(severity).icon)));
        }
        QCOMPARE(words.size(), 4);
        QCOMPARE(icons.size(), 4);
    }

    void theModelKeepsItsPromises()
    {
        ProblemModel model;
        const QAbstractItemModelTester tester(&model);
        const QList<Finding> all = three();
        model.setRows({all.begin(), all.end()});
        model.setRows({all.begin() + 1, all.end()});
        model.setRows({});
        QCOMPARE(model.rowCount(), 0);
    }

    void itIsSpokenWhole()
    {
        m_list->setFindings(three());
        QCOMPARE(m_table->model()->index(0, 0).data(Qt::AccessibleTextRole).toString(),
                 QStringLiteral("blocks, PD-01, deploy.yml:3:5: Job deploy, line 3"));
    }

    void picturesAreTaken_data()
    {
        QTest::addColumn<Theme::Scheme>("scheme");
        QTest::newRow("light") << Theme::Scheme::Light;
        QTest::newRow("dark") << Theme::Scheme::Dark;
    }

    void picturesAreTaken()
    {
        QFETCH(Theme::Scheme, scheme);
        Theme::instance().setScheme(scheme);
        const QString name = QStringLiteral(PILOTHOUSE_BINARY_DIR "/problemlist-%1-%2.png")
                                 .arg(QLatin1String(QTest::currentDataTag()));
        QCoreApplication::processEvents();
        QVERIFY(m_list->grab().save(name.arg(QStringLiteral("empty"))));
        m_list->setFindings(adrFindings());
        QVERIFY(m_table->model()->rowCount() > 50);
        chooseDeployment();
        QCoreApplication::processEvents();
        QCoreApplication::processEvents();
        const QPixmap picture = m_list->grab();
        QCOMPARE(picture.size(), m_list->size());
        QVERIFY(picture.save(name.arg(QStringLiteral("chosen"))));
        Theme::instance().setScheme(Theme::Scheme::System);
    }

private:
    void chooseDeployment()
    {
        QList<Finding> own = adrFindings();
        own.removeIf([](const Finding &finding) {
            return !finding.path.endsWith(QLatin1String("/deploy-standalone.yml"))
                   || finding.job != QLatin1String("deploy-production");
        });
        m_list->choose(own);
    }

    void click(int row)
    {
        const QRect cell
            = m_table->visualRect(m_table->model()->index(row, ProblemModel::SentenceColumn));
        QTest::mouseClick(m_table->viewport(), Qt::LeftButton, Qt::NoModifier, cell.center());
    }

    QPlainTextEdit *code() const
    {
        return m_list->findChild<QPlainTextEdit *>(QStringLiteral("rightForm"));
    }

    QString text(const char *objectName) const
    {
        return m_list->findChild<QLabel *>(QLatin1String(objectName))->text();
    }

    std::unique_ptr<ProblemList> m_list;
    QTableView *m_table = nullptr;
};

QTEST_MAIN(TestProblemList)
#include "testproblemlist.moc"
