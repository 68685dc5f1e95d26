#include "ui/journal/journalpage.h"

#include "base/whendone.h"
#include "release/releasecontroller.h"
#include "release/seen/happenings.h"
#include "release/things/namedthings.h"
#include "ui/journal/incidentlist.h"
#include "ui/journal/recordmodel.h"
#include "ui/things/thingdesk.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/stateview.h"
#include "ui/widgets/words.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int mostRecords = 2000;
constexpr int rowHeight = 26;
constexpr int fieldWidth = 220;

} // namespace

JournalPage::JournalPage(Journal &journal, QString actor, ReleaseController &release,
                         QWidget *parent)
    : QWidget(parent), m_journal(journal), m_actor(std::move(actor)), m_release(release),
      m_incidents(new IncidentList), m_panel(new Panel(tr("Journal"))), m_find(new QLineEdit),
      m_note(new QLineEdit), m_own(new QCheckBox(tr("This machine"))),
      m_others(new QCheckBox(tr("Others, as the systems tell"))), m_unheard(new QLabel),
      m_untrue(new QLabel), m_model(new RecordModel(this)),
      m_filter(new QSortFilterProxyModel(this)), m_table(new QTableView), m_state(new StateView),
      m_stack(new QStackedWidget), m_body(new CodeView)
{
    setObjectName(QStringLiteral("journalPage"));
    m_find->setObjectName(QStringLiteral("journalFind"));
    m_find->setPlaceholderText(tr("Find in the journal"));
    m_find->setAccessibleName(tr("Find in the journal"));
    m_find->setClearButtonEnabled(true);
    m_find->addAction(themedIcon(QStringLiteral("search"), ColorRole::Muted),
                      QLineEdit::LeadingPosition);
    m_note->setObjectName(QStringLiteral("noteField"));
    m_note->setPlaceholderText(tr("Add a note, Enter writes it"));
    m_note->setAccessibleName(tr("Note"));
    for (QLineEdit *field : {m_find, m_note}) {
        field->setFixedWidth(fieldWidth);
        m_panel->addAction(field);
    }
    m_filter->setSourceModel(m_model);
    m_filter->setFilterKeyColumn(-1);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_table->setObjectName(QStringLiteral("journalTable"));
    m_table->setAccessibleName(tr("Records"));
    m_table->setModel(m_filter);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_body->setObjectName(QStringLiteral("recordBody"));
    m_body->setAccessibleName(tr("Whole record"));
    m_body->setTabChangesFocus(true);
    auto *split = new QSplitter(Qt::Vertical);
    split->setHandleWidth(spacing::Small);
    split->setChildrenCollapsible(false);
    split->addWidget(m_table);
    split->addWidget(m_body);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 1);
    m_stack->addWidget(split);
    m_stack->addWidget(m_state);
    m_own->setObjectName(QStringLiteral("ownRecords"));
    m_others->setObjectName(QStringLiteral("othersDeeds"));
    m_unheard->setObjectName(QStringLiteral("unheardWords"));
    m_unheard->setTextFormat(Qt::PlainText);
    m_unheard->setWordWrap(true);
    setInk(m_unheard, Tone::Warning);
    m_untrue->setObjectName(QStringLiteral("chainWords"));
    m_untrue->setTextFormat(Qt::PlainText);
    m_untrue->setWordWrap(true);
    setInk(m_untrue, Tone::Danger);
    distrust({});
    auto *which = new QHBoxLayout;
    which->setSpacing(spacing::Medium);
    for (QCheckBox *box : {m_own, m_others}) {
        box->setChecked(true);
        which->addWidget(box);
        connect(box, &QCheckBox::toggled, this, &JournalPage::showRows);
    }
    which->addWidget(m_unheard, 1);
    m_panel->body()->addWidget(m_untrue);
    m_panel->body()->addLayout(which);
    m_panel->body()->addWidget(m_stack, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::Small);
    column->addWidget(m_incidents);
    column->addWidget(m_panel, 1);
    m_state->showLoading(tr("the journal"));
    m_stack->setCurrentWidget(m_state);

    connect(m_find, &QLineEdit::textChanged, m_filter,
            &QSortFilterProxyModel::setFilterFixedString);
    connect(m_note, &QLineEdit::returnPressed, this, &JournalPage::addNote);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &JournalPage::showRecord);
    connect(m_incidents, &IncidentList::copied, m_panel, &Panel::setRemark);
    connect(m_state, &StateView::retryRequested, this, &JournalPage::refresh);
    connect(&m_journal, &Journal::appended, this, &JournalPage::refresh);
    connect(&m_release, &ReleaseController::latelyChanged, this, &JournalPage::showRows);
    refresh();
}

void JournalPage::refresh()
{
    const int generation = ++m_generation;
    whenDone(
        m_journal.newest(mostRecords), this,
        [this, generation](const Result<QList<Record>> &records) {
            if (generation != m_generation)
                return;
            m_read = records.has_value();
            if (!records) {
                m_state->showError(records.error(), tr("Rolling back works without the journal."),
                                   tr("Read Again"));
                m_stack->setCurrentWidget(m_state);
                return;
            }
            m_incidents->setRecords(*records);
            m_records = *records;
            showRows();
            verify();
        },
        [] {});
}

void JournalPage::showRows()
{
    showUnheard();
    if (!m_read)
        return; // the place says that it is read, or why it cannot be
    const auto rows = historyRows(m_own->isChecked() ? m_records : QList<Record>(),
                                  m_others->isChecked() ? deedsOfOthers(m_release.happened())
                                                        : QList<LatelyLine>());
    m_model->setRows(rows);
    if (!rows.empty()) {
        m_stack->setCurrentIndex(0);
        return;
    }
    m_state->showEmpty(tr("No record yet"),
                       tr("Every decision made here is written down before it is carried out."));
    m_stack->setCurrentWidget(m_state);
}

void JournalPage::showUnheard()
{
    QStringList lost;
    for (const Unheard &each : m_release.unheard()) {
        if (each.state == Unheard::State::Lost)
            lost.append(firstSentence(unheardWords(each)));
    }
    m_unheard->setText(m_others->isChecked() ? lost.join(QStringLiteral(" · ")) : QString());
}

void JournalPage::verify()
{
    whenDone(
        m_journal.verify(), this,
        [this](const Result<ChainState> &chain) {
            if (!chain) {
                m_panel->setRemark(tr("chain not verified"));
                distrust(chain.error().message);
                return;
            }
            const QString count = QLocale(QLocale::English).toString(chain->count);
            m_panel->setRemark(chain->intact ? tr("%1 records, chain ✓").arg(count)
                                             : tr("%1 records").arg(count));
            distrust(chain->intact ? QString()
                                   : tr("CHAIN BROKEN at record %1: something outside this program "
                                        "changed the file. What stands from there on is no proof; "
                                        "compare it with a copy from before.")
                                         .arg(chain->firstBrokenSeq));
        },
        [] {});
}

void JournalPage::distrust(const QString &why)
{
    m_untrue->setText(why);
    m_untrue->setVisible(!why.isEmpty());
}

void JournalPage::showRecord()
{
    const QModelIndex index = m_filter->mapToSource(m_table->currentIndex());
    if (index.isValid())
        m_body->setCode(QString::fromUtf8(RecordModel::whole(m_model->rowAt(index.row()))),
                        QStringLiteral("JSON"));
}

void JournalPage::setThings(ThingDesk &desk)
{
    desk.serveRows(*m_table, [this](const QModelIndex &index) {
        const HistoryRow &row = m_model->rowAt(m_filter->mapToSource(index).row());
        if (row.seen)
            return row.seen->about;
        const Record &record = row.record;
        QList<Thing> things = recordThings(record);
        things[0].tells = tr("%1 %2 · %3")
                              .arg(record.at.toString(Qt::ISODate), record.actor,
                                   RecordModel::sentence(record));
        return things;
    });
}

void JournalPage::addNote()
{
    const QString text = m_note->text().trimmed();
    if (text.isEmpty()) {
        m_note->setFocus();
        return;
    }
    Record note;
    note.kind = RecordKind::Note;
    note.subject = tr("note");
    note.actor = m_actor;
    note.body = {{QStringLiteral("text"), text}};
    whenDone(
        m_journal.append(note), this,
        [this](const Result<Record> &written) {
            if (written)
                m_note->clear();
            else
                m_panel->setRemark(written.error().message);
        },
        [] {});
}

} // namespace pilothouse
