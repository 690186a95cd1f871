"""The readers' addresses."""

from __future__ import annotations

from django.urls import path

from newsdesk.site import embedding, feeds, sitemaps, views
from newsdesk.site.searching import views as searching

app_name = "site"

urlpatterns = [
    path("", views.home, name="home"),
    path("stories/<slug:slug>/", views.story, name="story"),
    path("entities/", views.entities, name="entities"),
    path("entities/<slug:slug>/", views.entity, name="entity"),
    path("claims/", views.claims, name="claims"),
    path("claims/<int:pk>/", views.claim, name="claim"),
    path("sources/", views.sources, name="sources"),
    path("sources/<slug:slug>/", views.source, name="source"),
    path("outlets/", views.outlets, name="outlets"),
    path("outlets/<slug:slug>/", views.outlet, name="outlet"),
    path("search/", searching.search, name="search"),
    path("search/suggest", searching.suggest, name="suggest"),
    path("feeds/stories.<str:format>", feeds.of_stories, name="feed_stories"),
    path("feeds/entities/<slug:slug>.<str:format>", feeds.of_entity, name="feed_entity"),
    path("feeds/claims/<int:pk>.<str:format>", feeds.of_claim, name="feed_claim"),
    path("feeds/sources/<slug:slug>.<str:format>", feeds.of_source, name="feed_source"),
    path("feeds/outlets/<slug:slug>.<str:format>", feeds.of_outlet, name="feed_outlet"),
    path("feeds/search.<str:format>", feeds.of_search, name="feed_search"),
    path("claims/<int:pk>/card/", embedding.card, name="claim_card"),
    path("oembed/", embedding.oembed, name="oembed"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-news.xml", sitemaps.news, name="sitemap_news"),
    path("sitemaps/<slug:kind>-<int:number>.xml", sitemaps.part, name="sitemap_part"),
    path("robots.txt", sitemaps.robots, name="robots"),
]
