#include "ui/release/compare/comparedialog.h"

#include "release/compare/comparewords.h"
#include "release/compare/notes.h"
#include "release/releasecontroller.h"
#include "release/things/namedthings.h"
#include "ui/release/compare/commitpicker.h"
#include "ui/release/compare/differencetable.h"
#include "ui/release/compare/filetree.h"
#include "ui/things/thingdesk.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/stateview.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedLayout>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr QSize compareSize(1040, 640);
constexpr int sectionListWidth = 248;
constexpr int sectionCountWidth = 128;

QPushButton *plainButton(const QString &name, const QString &text)
{
    auto *button = new QPushButton(text);
    button->setObjectName(name);
    button->setAutoDefault(false);
    return button;
}

} // namespace

CompareDialog::CompareDialog(const ReleaseController &release, const CompareSources &sources,
                             Seen seen, QWidget *parent)
    : QDialog(parent), m_seen(std::move(seen)), m_comparer(sources), m_title(new QLabel),
      m_relation(new QLabel), m_from(new CommitPicker(release)), m_to(new CommitPicker(release)),
      m_state(new StateView), m_list(new QTreeWidget), m_table(new DifferenceTable),
      m_files(new FileTree), m_notes(new CodeView), m_empty(new StateView),
      m_copyNotes(plainButton(QStringLiteral("copyNotesButton"), tr("Copy as Markdown"))),
      m_copyForChat(plainButton(QStringLiteral("compareChatButton"), tr("Copy for Chat")))
{
    setObjectName(QStringLiteral("compareDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setSizeGripEnabled(true);
    resize(compareSize);
    m_title->setObjectName(QStringLiteral("compareTitle"));
    m_title->setFont(Theme::instance().titleFont());
    m_relation->setObjectName(QStringLiteral("compareRelation"));
    m_relation->setTextFormat(Qt::PlainText);
    m_relation->setWordWrap(true);
    m_relation->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_state->setObjectName(QStringLiteral("compareState"));
    m_from->setObjectName(QStringLiteral("fromPicker"));
    m_from->setAccessibleName(tr("Compared with"));
    m_to->setObjectName(QStringLiteral("toPicker"));
    m_to->setAccessibleName(tr("Release"));
    m_list->setObjectName(QStringLiteral("sectionList"));
    m_list->setAccessibleName(tr("What differs"));
    m_list->setColumnCount(2);
    m_list->setHeaderHidden(true);
    m_list->setRootIsDecorated(false);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAllColumnsShowFocus(true);
    m_list->setUniformRowHeights(true);
    m_list->setFixedWidth(sectionListWidth);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::Fixed);
    m_list->header()->resizeSection(1, sectionCountWidth);
    for (StateView *each : {m_state, m_empty}) {
        each->setBackgroundRole(QPalette::Base);
        each->setAutoFillBackground(true);
    }
    m_notes->setObjectName(QStringLiteral("notesView"));
    m_notes->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_notes->setFrameShape(QFrame::NoFrame);
    m_notes->setAccessibleName(tr("Release note in Markdown"));
    m_copyForChat->setIcon(themedIcon(QStringLiteral("copy")));
    m_copyNotes->setIcon(themedIcon(QStringLiteral("copy")));
    m_copyForChat->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C));
    auto *swap = plainButton(QStringLiteral("swapButton"), tr("Swap"));
    swap->setToolTip(tr("Compare the other way round, as for a rollback"));
    auto *close = plainButton(QStringLiteral("closeButton"), tr("Close"));

    auto *arrow = new QLabel(QStringLiteral("→"));
    setInk(arrow, ColorRole::Muted);
    auto *pickers = new QHBoxLayout;
    pickers->setSpacing(spacing::Small);
    pickers->addWidget(m_from, 1);
    pickers->addWidget(arrow);
    pickers->addWidget(m_to, 1);
    pickers->addWidget(swap);
    auto *views = new QWidget;
    m_views = new QStackedLayout(views);
    for (QWidget *view : {static_cast<QWidget *>(m_table), static_cast<QWidget *>(m_files),
                          static_cast<QWidget *>(m_notes), static_cast<QWidget *>(m_empty)})
        m_views->addWidget(view);
    auto *content = new QWidget;
    auto *row = new QHBoxLayout(content);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::Medium);
    row->addWidget(m_list);
    row->addWidget(views, 1);
    auto *body = new QWidget;
    m_stack = new QStackedLayout(body);
    m_stack->addWidget(m_state);
    m_stack->addWidget(content);
    auto *foot = new QHBoxLayout;
    foot->setSpacing(spacing::Small);
    foot->addWidget(m_copyNotes);
    foot->addWidget(m_copyForChat);
    foot->addStretch(1);
    foot->addWidget(close);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::Medium, spacing::Medium, spacing::Medium, spacing::Medium);
    column->setSpacing(spacing::Small);
    column->addWidget(m_title);
    column->addLayout(pickers);
    column->addWidget(m_relation);
    column->addWidget(body, 1);
    column->addLayout(foot);

    connect(&m_comparer, &Comparer::changed, this, &CompareDialog::refresh);
    connect(m_from, &CommitPicker::picked, this, &CompareDialog::compareChosen);
    connect(m_to, &CommitPicker::picked, this, &CompareDialog::compareChosen);
    connect(swap, &QPushButton::clicked, this, [this] {
        const CommitId from = m_from->commit();
        m_from->setCommit(m_to->commit(), {});
        m_to->setCommit(from, from == m_given ? m_against : QString());
        compareChosen();
    });
    connect(m_state, &StateView::retryRequested, this, &CompareDialog::compareChosen);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &CompareDialog::showSection);
    connect(close, &QPushButton::clicked, this, &QDialog::close);
    connect(m_copyNotes, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(notesOf(*m_comparer.comparison())); });
    connect(m_copyForChat, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(chatLineOf(*m_comparer.comparison())); });
    m_to->setCommit(release.shown(), {});
    refresh();
}

void CompareDialog::compare(const std::optional<ComparePair> &pair, CompareSection first)
{
    m_wanted = first;
    if (pair) {
        m_against = pair->against;
        m_given = pair->from;
        m_from->setCommit(pair->from, pair->against);
        m_to->setCommit(pair->to, {});
    }
    compareChosen();
}

void CompareDialog::setThings(ThingDesk &desk)
{
    desk.serveRows(*m_table, [this](const QModelIndex &index) -> QList<Thing> {
        const SectionView *section = chosen();
        const DifferenceRow row = section ? section->rows.value(index.row()) : DifferenceRow();
        if (row.commit.value.isEmpty())
            return {};
        return {commitThing(row.commit, row.cells.value(section->wide))};
    });
}

void CompareDialog::compareChosen()
{
    const CommitId from = m_from->commit();
    const CommitId to = m_to->commit();
    if (from.value.isEmpty() || to.value.isEmpty())
        refresh();
    else
        m_comparer.compare(from, to, m_seen());
}

void CompareDialog::refresh()
{
    const CommitId from = m_from->commit();
    const QString with = from == m_given && !m_against.isEmpty()
                             ? QStringLiteral("%1 (%2)").arg(shortSha(from), m_against)
                             : shortSha(from);
    const bool chosen = !from.value.isEmpty() && !m_to->commit().value.isEmpty();
    m_title->setText(chosen ? tr("Compare %1 with %2").arg(shortSha(m_to->commit()), with)
                            : tr("Compare two commits"));
    setWindowTitle(m_title->text());
    const auto &comparison = m_comparer.comparison();
    const bool shown = comparison && comparison->relation != Relation::Same && !m_comparer.error();
    m_copyNotes->setEnabled(shown);
    m_copyForChat->setEnabled(shown);
    m_relation->setVisible(shown);
    m_stack->setCurrentIndex(shown ? 1 : 0);
    if (!shown) {
        showState();
        return;
    }
    m_relation->setText(relationSentence(*comparison) + QLatin1Char('\n')
                        + diffSentence(*comparison));
    setInk(m_relation,
           comparison->relation == Relation::Newer ? ColorRole::Muted : ColorRole::Warning);
    showSections();
}

void CompareDialog::showState()
{
    if (m_from->commit().value.isEmpty() || m_to->commit().value.isEmpty())
        m_state->showEmpty(tr("Choose two commits"),
                           tr("What the right one brings, seen from the left one, will stand "
                              "here."));
    else if (m_comparer.error())
        m_state->showError(*m_comparer.error(), {}, tr("Try Again"));
    else if (m_comparer.comparison())
        m_state->showEmpty(tr("The same commit"),
                           tr("Nothing differs. Choose another one on either side."));
    else
        m_state->showLoading(tr("the repository"));
}

void CompareDialog::showSections()
{
    const QList<SectionView> sections = sectionsOf(*m_comparer.comparison());
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    m_sections = sections;
    int row = 0;
    for (const SectionView &each : sections) {
        auto *item = new QTreeWidgetItem(m_list, {each.name, each.count});
        item->setSizeHint(0, {0, compareRowHeight});
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        // What does not differ stands back.
        if (each.rows.isEmpty() && !each.headings.isEmpty())
            for (const int column : {0, 1})
                item->setForeground(column, Theme::instance().color(ColorRole::Muted));
        if (each.section == m_wanted)
            row = int(m_list->topLevelItemCount()) - 1;
    }
    m_files->setComparison(*m_comparer.comparison());
    m_notes->setCode(notesOf(*m_comparer.comparison()), {});
    m_list->setCurrentItem(m_list->topLevelItem(row));
    showSection();
}

const SectionView *CompareDialog::chosen() const
{
    const int row = m_list->indexOfTopLevelItem(m_list->currentItem());
    return row >= 0 && row < m_sections.size() ? &m_sections[row] : nullptr;
}

void CompareDialog::showSection()
{
    const SectionView *section = chosen();
    if (!section)
        return;
    m_wanted = section->section;
    if (section->section == CompareSection::Notes) {
        m_views->setCurrentWidget(m_notes);
    } else if (section->section == CompareSection::Files) {
        m_views->setCurrentWidget(m_files);
    } else if (section->rows.isEmpty()) {
        m_empty->showEmpty(tr("None"), section->whyEmpty);
        m_views->setCurrentWidget(m_empty);
    } else {
        m_table->setSection(*section);
        m_views->setCurrentWidget(m_table);
    }
}

} // namespace pilothouse
