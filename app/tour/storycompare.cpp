#include "app/tour/guide.h"
#include "app/tour/story.h"

#include <QTableView>
#include <QTest>
#include <QTreeWidget>

namespace pilothouse {

void Story::openComparison()
{
    page(1);
    chooseRelease(QStringLiteral("c41d77e"));
    m_guide.expect(
        QStringLiteral("the line DIFF tells what the release brings"),
        [&] {
            return m_guide.textOf(QStringLiteral("diffSentence"))
                .contains(QLatin1String("commits by"));
        },
        patience);
    m_guide.key(Qt::Key_D, Qt::ControlModifier);
    m_guide.expect(
        QStringLiteral("the release is compared with the stable one"),
        [&] {
            const auto *table
                = qobject_cast<QTableView *>(m_guide.find(QStringLiteral("differenceTable")));
            return table && table->model()->rowCount() > 0;
        },
        patience);
}

void Story::chooseSection(const QString &section)
{
    auto *list = qobject_cast<QTreeWidget *>(m_guide.find(QStringLiteral("sectionList")));
    const auto found
        = list ? list->findItems(section, Qt::MatchExactly) : QList<QTreeWidgetItem *>();
    m_guide.expect(QStringLiteral("the comparison has the section %1").arg(section),
                   [&] { return !found.isEmpty(); });
    m_guide.clickAt(*list->viewport(), list->visualItemRect(found.first()).center());
}

void Story::closeComparison()
{
    m_guide.click(QStringLiteral("closeButton"));
    m_guide.expect(QStringLiteral("the comparison is closed"), [&] { return !m_guide.dialog(); });
}

void Story::compare()
{
    openComparison();
    m_guide.picture(QStringLiteral("compare"),
                    QStringLiteral("Before promoting: what the release brings compared with the "
                                   "stable one"));
    chooseSection(QStringLiteral("Notes"));
    m_guide.expect(QStringLiteral("the release note is there"),
                   [&] { return m_guide.find(QStringLiteral("notesView")) != nullptr; });
    m_guide.picture(QStringLiteral("notes"),
                    QStringLiteral("The same as a release note in Markdown, to be copied"));
    closeComparison();
    m_guide.note(QStringLiteral("diff"), m_guide.textOf(QStringLiteral("diffSentence")));
    m_guide.picture(QStringLiteral("diff"),
                    QStringLiteral("The line DIFF sums it up beside what is live and what is "
                                   "next"));
}

} // namespace pilothouse
